using System.Text;
using Sallyport.Protocols.Otp;

namespace Sallyport.Protocols.Tests.Otp;

public sealed class OtpAuthUriTests
{
    private static readonly byte[] Secret = "12345678901234567890"u8.ToArray();

    [Fact]
    public void It_carries_everything_an_authenticator_needs()
    {
        OtpAuthUri.ForTotp("Acme", "alice@example.com", Secret, TotpParameters.Default).ShouldBe(
            "otpauth://totp/Acme:alice%40example.com?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
            + "&issuer=Acme&algorithm=SHA1&digits=6&period=30");
    }

    [Theory]
    [InlineData(OtpAlgorithm.Sha1, 7, 60, "&algorithm=SHA1&digits=7&period=60")]
    [InlineData(OtpAlgorithm.Sha256, 6, 15, "&algorithm=SHA256&digits=6&period=15")]
    [InlineData(OtpAlgorithm.Sha512, 8, 3600, "&algorithm=SHA512&digits=8&period=3600")]
    public void It_carries_the_parameters(OtpAlgorithm algorithm, int digits, int periodSeconds, string end)
    {
        var parameters = new TotpParameters(algorithm, digits, TimeSpan.FromSeconds(periodSeconds));

        OtpAuthUri.ForTotp("Acme", "alice", Secret, parameters).ShouldEndWith(end);
    }

    [Fact]
    public void Parameters_that_were_never_set_make_no_URI()
    {
        Should.Throw<InvalidOperationException>(() => OtpAuthUri.ForTotp("Acme", "alice", Secret, default));
    }

    [Theory]
    [InlineData("a:b/?&#%", "a%3Ab%2F%3F%26%23%25")]
    [InlineData("Acme & Söhne", "Acme%20%26%20S%C3%B6hne")]
    [InlineData("a+b=c", "a%2Bb%3Dc")]
    [InlineData("%41", "%2541")]
    [InlineData("line\r\nbreak\0", "line%0D%0Abreak%00")]
    [InlineData("\u202Eright to left\u200F", "%E2%80%AEright%20to%20left%E2%80%8F")]
    [InlineData("\U0001F511", "%F0%9F%94%91")]
    [InlineData("<a href='x'>\"(!*)", "%3Ca%20href%3D%27x%27%3E%22%28%21%2A%29")]
    [InlineData("../..\\", "..%2F..%5C")]
    [InlineData("", "")]
    public void Hostile_text_stays_within_its_part(string text, string encoded)
    {
        OtpAuthUri.ForTotp(text, "alice", Secret, TotpParameters.Default).ShouldBe(
            $"otpauth://totp/{encoded}:alice?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer={encoded}&algorithm=SHA1&digits=6&period=30");
        OtpAuthUri.ForTotp("Acme", text, Secret, TotpParameters.Default).ShouldBe(
            $"otpauth://totp/Acme:{encoded}?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Acme&algorithm=SHA1&digits=6&period=30");
    }

    [Theory]
    [InlineData(0xD800)]
    [InlineData(0xDFFF)]
    public void A_lone_surrogate_becomes_the_replacement_character(int surrogate)
    {
        var text = $"a{(char)surrogate}b";

        OtpAuthUri.ForTotp(text, text, Secret, TotpParameters.Default).ShouldStartWith("otpauth://totp/a%EF%BF%BDb:a%EF%BF%BDb?secret=");
    }

    [Fact]
    public void Any_text_reads_back_as_it_was()
    {
        for (ulong seed = 0; seed < 1000; seed++)
        {
            var generator = new Generator(seed);
            var issuer = generator.AnyText(generator.Next(0, 20));
            var account = generator.AnyText(generator.Next(0, 20));

            var uri = OtpAuthUri.ForTotp(issuer, account, Secret, TotpParameters.Default);

            var parts = uri["otpauth://totp/".Length..].Split([":", "?secret=", "&issuer=", "&algorithm="], StringSplitOptions.None);
            uri.ShouldAllBe(character => char.IsAscii(character) && !char.IsControl(character), $"seed {seed}");
            parts.Select(Uri.UnescapeDataString).ShouldBe(
                [WellFormed(issuer), WellFormed(account), Base32.Encode(Secret), WellFormed(issuer), "SHA1&digits=6&period=30"],
                $"seed {seed}");
        }
    }

    private static string WellFormed(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
}
