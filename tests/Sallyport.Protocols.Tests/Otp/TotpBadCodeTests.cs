using CsCheck;
using Sallyport.Protocols.Otp;

namespace Sallyport.Protocols.Tests.Otp;

/// <summary>Each case changes one thing in the right code.</summary>
public sealed class TotpBadCodeTests
{
    private static readonly byte[] Secret = "12345678901234567890"u8.ToArray();

    // RFC 4226 appendix D, count 1.
    private const string Code = "287082";
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(30);

    [Fact]
    public void The_right_code_is_accepted()
    {
        Verify(Code).ShouldBe(1);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("      ")]
    [InlineData("\0\0\0\0\0\0")]
    [InlineData("28708")]
    [InlineData("87082")]
    [InlineData("2870820")]
    [InlineData("0287082")]
    [InlineData("287082\0")]
    [InlineData("\0287082")]
    [InlineData("28708\0")]
    [InlineData(" 287082")]
    [InlineData("287082 ")]
    [InlineData(" 28708")]
    [InlineData("287 082")]
    [InlineData("287-82")]
    [InlineData("287082\n")]
    [InlineData("+287082")]
    [InlineData("+87082")]
    [InlineData("+12345")]
    [InlineData("-12345")]
    [InlineData(" 12345")]
    [InlineData("0x2870")]
    [InlineData("28708A")]
    [InlineData("28708/")]
    [InlineData("28708:")]
    [InlineData("2.8708e5")]
    [InlineData("\u0662\u0668\u0667\u0660\u0668\u0662")]
    [InlineData("\uFF12\uFF18\uFF17\uFF10\uFF18\uFF12")]
    [InlineData("28708\u00B2")]
    [InlineData("28708\u0132")]
    [InlineData("\u200F287082")]
    [InlineData("\uD800\uDC00\uD800\uDC00\uD800\uDC00")]
    [InlineData("28708\uD800")]
    public void Text_other_than_the_exact_digits_is_refused(string code)
    {
        Verify(code).ShouldBeNull();
    }

    [Fact]
    public void A_code_with_one_wrong_digit_is_refused()
    {
        for (var i = 0; i < Code.Length; i++)
        {
            for (var digit = '0'; digit <= '9'; digit++)
            {
                var code = $"{Code[..i]}{digit}{Code[(i + 1)..]}";

                Verify(code).ShouldBe(code == Code ? 1 : null, code);
            }
        }
    }

    [Fact]
    public void Digits_outside_ASCII_are_refused()
    {
        for (int c = char.MinValue; c <= char.MaxValue; c++)
        {
            Verify($"28708{(char)c}").ShouldBe(c == '2' ? 1 : null, $"U+{c:X4}");
        }
    }

    [Theory]
    [InlineData('2')]
    [InlineData('\0')]
    [InlineData('\u0662')]
    public void A_megabyte_is_refused(char character)
    {
        Verify(new string(character, 1 << 20)).ShouldBeNull();
    }

    [Fact]
    public void Text_of_another_length_is_refused_without_allocating()
    {
        var megabyte = new string('2', 1 << 20);
        Verify(megabyte);

        var before = GC.GetAllocatedBytesForCurrentThread();
        Verify(megabyte);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        allocated.ShouldBe(0);
    }

    [Fact]
    public void Any_text_is_refused() => Gen.String[0, 10].Sample(text => Verify(text) is null, iter: 2000);

    private static long? Verify(string code) => Totp.Verify(Secret, code, Now, lastAcceptedStep: null, TotpParameters.Default);
}
