using System.Text;
using CsCheck;
using Sallyport.Protocols.Otp;

namespace Sallyport.Protocols.Tests.Otp;

public sealed class OtpAuthUriTests
{
    private static readonly byte[] Secret = "12345678901234567890"u8.ToArray();

    [Fact]
    public void The_URI_has_the_published_form()
    {
        OtpAuthUri.ForTotp("Acme", "alice@example.com", Secret, TotpParameters.Default).ShouldBe(
            "otpauth://totp/Acme:alice%40example.com?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
            + "&issuer=Acme&algorithm=SHA1&digits=6&period=30");
    }

    [Theory]
    [InlineData(OtpAlgorithm.Sha1, 7, 60, "&algorithm=SHA1&digits=7&period=60")]
    [InlineData(OtpAlgorithm.Sha256, 6, 15, "&algorithm=SHA256&digits=6&period=15")]
    [InlineData(OtpAlgorithm.Sha512, 8, 3600, "&algorithm=SHA512&digits=8&period=3600")]
    public void The_URI_contains_the_parameters(OtpAlgorithm algorithm, int digits, int periodSeconds, string end)
    {
        var parameters = new TotpParameters(algorithm, digits, TimeSpan.FromSeconds(periodSeconds));

        OtpAuthUri.ForTotp("Acme", "alice", Secret, parameters).ShouldEndWith(end);
    }

    [Fact]
    public void Default_parameters_are_refused()
    {
        Should.Throw<InvalidOperationException>(() => OtpAuthUri.ForTotp("Acme", "alice", Secret, default));
    }

    [Theory]
    [InlineData("a/?&#%", "a%2F%3F%26%23%25")]
    [InlineData("Acme & Söhne", "Acme%20%26%20S%C3%B6hne")]
    [InlineData("a+b=c", "a%2Bb%3Dc")]
    [InlineData("%41", "%2541")]
    [InlineData("line\r\nbreak\0", "line%0D%0Abreak%00")]
    [InlineData("\u202Eright to left\u200F", "%E2%80%AEright%20to%20left%E2%80%8F")]
    [InlineData("\U0001F511", "%F0%9F%94%91")]
    [InlineData("<a href='x'>\"(!*)", "%3Ca%20href%3D%27x%27%3E%22%28%21%2A%29")]
    [InlineData("../..\\", "..%2F..%5C")]
    public void Hostile_text_stays_in_its_part_of_the_URI(string text, string encoded)
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

    [Theory]
    [InlineData("Acme: Login", "x::y", "Acme%20Login:x%20y", "&issuer=Acme%20Login")]
    [InlineData("Acme", "", "Acme", "&issuer=Acme")]
    [InlineData("Acme", ":", "Acme", "&issuer=Acme")]
    [InlineData("", "alice", "alice", "")]
    [InlineData(" two  spaces ", "alice", "%20two%20%20spaces%20:alice", "&issuer=%20two%20%20spaces%20")]
    public void The_only_colon_of_the_label_is_between_issuer_and_account(string issuer, string account, string label, string parameter)
    {
        OtpAuthUri.ForTotp(issuer, account, Secret, TotpParameters.Default).ShouldBe(
            $"otpauth://totp/{label}?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ{parameter}&algorithm=SHA1&digits=6&period=30");
    }

    [Fact]
    public void Names_of_moderate_length_can_be_read_back_unchanged()
    {
        Gen.Select(Gen.String[0, 10], Gen.String[0, 10]).Where((issuer, account) => !$"{issuer}{account}".Contains(':') && issuer.Length * account.Length > 0).Sample((issuer, account) =>
        {
            var uri = OtpAuthUri.ForTotp(issuer, account, Secret, TotpParameters.Default);

            var parts = uri["otpauth://totp/".Length..].Split([":", "?secret=", "&issuer=", "&algorithm="], StringSplitOptions.None);
            uri.ShouldAllBe(character => char.IsAscii(character) && !char.IsControl(character));
            parts.Select(Uri.UnescapeDataString).ShouldBe(
                [WellFormed(issuer), WellFormed(account), Base32.Encode(Secret), WellFormed(issuer), "SHA1&digits=6&period=30"]);
        }, iter: 1000);
    }

    /// <summary>A Thai letter with its vowel, a family of four joined emoji and a flag are one character each.</summary>
    [Theory]
    [InlineData("\u0E44")]
    [InlineData("\u0E01\u0E47")]
    [InlineData("\u0416")]
    [InlineData("\U0001F600")]
    [InlineData("\U0001F469\u200D\U0001F469\u200D\U0001F467\u200D\U0001F466")]
    [InlineData("\U0001F1F9\U0001F1ED")]
    [InlineData("e\u0301")]
    [InlineData("&")]
    [InlineData("a")]
    public void Long_names_are_shortened_by_whole_characters_until_the_QR_code_is_of_version_15(string character)
    {
        foreach (var (issuer, account) in new[] { (54, 54), (400, 400), (400, 1), (1, 400), (400, 0), (0, 400) })
        {
            var secret = new byte[account % 2 == 0 ? 20 : 64];
            var uri = OtpAuthUri.ForTotp(Repeat(character, issuer), Repeat(character, account), secret, TotpParameters.Default);

            uri.Length.ShouldBeLessThanOrEqualTo(412);
            var parts = uri["otpauth://totp/".Length..].Split('?')[0].Split(':').Select(Uri.UnescapeDataString).ToList();
            parts.ShouldAllBe(part => part.Length > 0 && part == Repeat(character, part.Length / character.Length));
            uri.ShouldContain(issuer == 0 ? "?secret=" : $"&issuer={Uri.EscapeDataString(parts[0])}&");
        }
    }

    [Fact]
    public void Names_that_fit_are_not_shortened_whatever_their_proportion()
    {
        var name = new string('a', 270);

        OtpAuthUri.ForTotp("Acme", name, Secret, TotpParameters.Default).ShouldContain($"/Acme:{name}?");
        OtpAuthUri.ForTotp(name[..140], "alice", Secret, TotpParameters.Default).ShouldContain($"/{name[..140]}:alice?");
    }

    private static string Repeat(string text, int count) => string.Concat(Enumerable.Repeat(text, count));

    private static string WellFormed(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
}
