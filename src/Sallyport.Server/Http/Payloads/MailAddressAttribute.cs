using System.ComponentModel.DataAnnotations;
using System.Text.RegularExpressions;

namespace Sallyport.Server.Http.Payloads;

/// <summary>
/// An address that can stand in a mail header and in a page without being anything else: no spaces, quotes, angle
/// brackets or control characters (RFC 5321 section 4.1.2, without quoted local parts).
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed partial class MailAddressAttribute : ValidationAttribute
{
    private const int MaxLength = 254;

    public bool AllowsEmpty { get; init; }

    public override bool IsValid(object? value) =>
        value is null || (AllowsEmpty && value is "") || (value is string text && text.Length <= MaxLength && Pattern().IsMatch(text));

    [GeneratedRegex("""^[^\s@<>()\[\]\\,;:"\p{C}]+@[^\s@<>()\[\]\\,;:"\p{C}]+\z""")]
    private static partial Regex Pattern();
}
