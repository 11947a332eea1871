using Sallyport.Server.Jobs.Exports;

namespace Sallyport.Server.Tests.Jobs.Exports;

/// <summary>No value of a CSV file is a formula to a spreadsheet (OWASP, CSV injection).</summary>
public sealed class CsvTextTests
{
    /// <summary>Blanks and invisible characters that spreadsheets skip before a formula.</summary>
    private static readonly string[] Invisible = ["", " ", "\u00A0", "\u3000", "\u2003", "\u200B", "\uFEFF", "\u202E", "\u0001", " \u00A0 \u200B"];

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("=HYPERLINK(\"x\")", "\"'=HYPERLINK(\"\"x\"\")\"")]
    [InlineData("-1", "'-1")]
    [InlineData("\t=1", "'\t=1")]
    [InlineData("\tx", "'\tx")]
    [InlineData("\r\n", "\"'\r\n\"")]
    [InlineData("a,b", "\"a,b\"")]
    [InlineData("a\nb", "\"a\nb\"")]
    [InlineData("a=b+c-d@e.example", "a=b+c-d@e.example")]
    [InlineData("ada@example.com", "ada@example.com")]
    [InlineData(" ", " ")]
    [InlineData("", "")]
    public void A_value_is_quoted_and_guarded(string text, string written) => CsvText.Value(text).ShouldBe(written);

    [Theory]
    [InlineData("=")]
    [InlineData("+")]
    [InlineData("-")]
    [InlineData("@")]
    [InlineData("\uFF1D")]
    [InlineData("\uFF0B")]
    [InlineData("\uFF0D")]
    [InlineData("\uFF20")]
    public void A_sign_is_guarded_behind_anything_invisible(string sign)
    {
        foreach (var prefix in Invisible)
        {
            CsvText.Value(prefix + sign + "SUM(A1)").ShouldBe("'" + prefix + sign + "SUM(A1)");
        }
    }

    [Theory]
    [InlineData("+15551234567", true)]
    [InlineData("+1", true)]
    [InlineData("+123456789012345", true)]
    [InlineData("+1234567890123456", false)]
    [InlineData("+", false)]
    [InlineData("+1+2", false)]
    [InlineData("+1 555", false)]
    [InlineData(" +15551234567", false)]
    [InlineData("+\u0661\u0662", false)]
    public void A_phone_number_stays_as_it_is(string text, bool isPhoneNumber) => CsvText.Value(text).ShouldBe(isPhoneNumber ? text : "'" + text);
}
