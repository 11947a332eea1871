using System.Globalization;
using System.Text;
using CsCheck;
using Sallyport.Protocols.Otp;

namespace Sallyport.Protocols.Tests.Otp;

public sealed class HotpTests
{
    private static readonly byte[] Secret = "12345678901234567890"u8.ToArray();

    public static TheoryData<string, string, long, long, string> PublishedRows()
    {
        var data = new TheoryData<string, string, long, long, string>();
        foreach (var row in Vectors.Read<Row>("Otp/Vectors/rfc4226-appendix-d.json"))
        {
            data.Add(row.Source, row.Secret, row.Counter, row.Truncated, row.Code);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(PublishedRows))]
    public void A_published_counter_has_its_published_code(string source, string secret, long counter, long truncated, string code)
    {
        var key = Encoding.ASCII.GetBytes(secret);
        var decimals = truncated.ToString("D10", CultureInfo.InvariantCulture);

        Hotp.Code(key, counter, 6, OtpAlgorithm.Sha1).ShouldBe(code, source);
        Hotp.Code(key, counter, 7, OtpAlgorithm.Sha1).ShouldBe(decimals[^7..], source);
        Hotp.Code(key, counter, 8, OtpAlgorithm.Sha1).ShouldBe(decimals[^8..], source);
    }

    [Theory]
    [InlineData(int.MinValue)]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(9)]
    [InlineData(int.MaxValue)]
    public void Fewer_than_six_or_more_than_eight_digits_are_refused(int digits)
    {
        Should.Throw<ArgumentOutOfRangeException>(() => Hotp.Code(Secret, 0, digits, OtpAlgorithm.Sha1));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(9)]
    public void A_buffer_of_fewer_than_six_or_more_than_eight_digits_is_refused(int digits)
    {
        var refusal = Should.Throw<ArgumentOutOfRangeException>(() => Hotp.WriteCode(Secret, 0, OtpAlgorithm.Sha1, new byte[digits]));

        refusal.ParamName.ShouldBe("code");
    }

    [Fact]
    public void An_empty_secret_is_refused()
    {
        var refusal = Should.Throw<ArgumentException>(() => Hotp.Code([], 0, 6, OtpAlgorithm.Sha1));

        refusal.ParamName.ShouldBe("secret");
        refusal.Message.ShouldStartWith("The secret must not be empty.");
    }

    [Theory]
    [InlineData(long.MinValue)]
    [InlineData(-1)]
    [InlineData(long.MaxValue)]
    public void Every_counter_has_a_code(long counter)
    {
        Hotp.Code(Secret, counter, 6, OtpAlgorithm.Sha1).Length.ShouldBe(6);
    }

    [Fact]
    public void A_code_is_digits_and_the_shorter_is_the_end_of_the_longer() =>
        Gen.Select(Gen.Byte.Array[1, 200], Gen.Long, Gen.Enum<OtpAlgorithm>()).Sample(
            (secret, counter, algorithm) =>
            {
                var code = Hotp.Code(secret, counter, 8, algorithm);

                code.Length.ShouldBe(8);
                code.ShouldAllBe(digit => char.IsAsciiDigit(digit));
                code.ShouldEndWith(Hotp.Code(secret, counter, 7, algorithm));
                code.ShouldEndWith(Hotp.Code(secret, counter, 6, algorithm));
            },
            iter: 500);

    private sealed record Row(string Source, string Secret, long Counter, long Truncated, string Code);
}
