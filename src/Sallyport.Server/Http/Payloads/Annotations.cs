using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Sallyport.Server.Http.Payloads;

/// <summary>
/// A request record for settings, of which the published API has more than this server. An optional member that is
/// <c>null</c> is removed. An unknown member is ignored if it is off (<c>null</c>, <c>false</c>, <c>[]</c> or <c>{}</c>), and refused
/// if it is on.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class SettingsDocumentAttribute : Attribute;

/// <summary>A request record of which at least one member must be sent.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class NotEmptyAttribute : Attribute;

/// <summary>A member of a settings document that may be left out but not be <c>null</c>.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class NeverNullAttribute : Attribute;

/// <summary>The property may be <c>null</c>, which removes it.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class NullableOnWireAttribute : Attribute;

/// <summary>The property is a secret: it is stored sealed and left out of the log.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class SecretAttribute : Attribute
{
    /// <summary>The published API repeats it to the caller that sent it.</summary>
    public bool IsEchoed { get; init; } = true;

    /// <summary>The published API shows it to readers of the setting. This server does so only if the configuration says so.</summary>
    public bool IsReturnedByPublishedApi { get; init; }
}

/// <summary>A part of a form that is a file, for the OpenAPI document.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class FilePartAttribute : Attribute;

/// <summary>An absolute http or https address. An empty text is valid, because it clears the property.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
internal sealed partial class WebAddressAttribute : ValidationAttribute
{
    /// <summary>Endings of a bare file name such as <c>logo.png</c>, which is a relative address and not a host.</summary>
    private static readonly string[] FileEndings = ["png", "jpg", "jpeg", "gif", "svg", "webp", "ico", "bmp", "htm", "html"];

    /// <summary>Also valid is an address without a scheme, such as <c>www.example.com/logo.png</c>. It is stored as sent and used as https.</summary>
    public bool AllowsMissingScheme { get; init; }

    /// <returns>The address with a scheme. An address that has one is not changed.</returns>
    public static string? ToAbsolute(string? address) =>
        address is not null && IsWithoutScheme(address) ? "https://" + address.TrimStart('/') : address;

    public override bool IsValid(object? value) =>
        value is null or ""
        || (value is string text
            && (AllowsMissingScheme ? ToAbsolute(text) : text) is { } address
            && Uri.TryCreate(address, UriKind.Absolute, out var uri)
            && (uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeHttp));

    private static bool IsWithoutScheme(string text) =>
        HostFirst().Match(text) is { Success: true } match
        && (match.Groups["rest"].Length > 0
            || match.Groups["host"].Value.Count(c => c == '.') > 1
            || !FileEndings.Contains(match.Groups["last"].Value, StringComparer.OrdinalIgnoreCase));

    /// <summary>A host name with at least one dot, an optional port, and then a path, a query, a fragment or nothing.</summary>
    [GeneratedRegex(@"^(?://)?(?<host>(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]*[\p{L}\p{N}])?\.)+(?<last>\p{L}[\p{L}\p{N}-]*\p{L}))(?::[0-9]{1,5})?(?<rest>[/?#]\S*)?\z")]
    private static partial Regex HostFirst();
}

/// <summary>
/// An email address that is safe in a mail header and in a page: without spaces, quotes, angle
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

/// <summary>An object whose values are short texts. A value may be <c>null</c>, which removes its key.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class TextValuesAttribute(int maxLength) : ValidationAttribute
{
    public int MaxLength => maxLength;

    public override bool IsValid(object? value) =>
        value is not JsonElement { ValueKind: JsonValueKind.Object } map
        || map.EnumerateObject().All(entry => entry.Value.ValueKind switch
        {
            JsonValueKind.Null => true,
            JsonValueKind.String => entry.Value.GetString()!.Length <= maxLength,
            _ => false,
        });
}

/// <summary>No text occurs twice in the array.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Class)]
internal sealed class UniqueItemsAttribute : ValidationAttribute
{
    public override bool IsValid(object? value) => value is not string[] items || FindPair(items) is null;

    public static string Explain(string[] items) =>
        FindPair(items) is var (first, second) ? $"Array items are not unique (indexes {first} and {second})" : "Array items are not unique";

    private static (int First, int Second)? FindPair(string[] items)
    {
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var index = 0; index < items.Length; index++)
        {
            if (!seen.TryAdd(items[index], index))
            {
                return (seen[items[index]], index);
            }
        }

        return null;
    }
}

/// <summary>Every text of the array is one of these.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Class)]
internal class AllowedItemsAttribute(params string[] allowed) : ValidationAttribute
{
    public IReadOnlyList<string> Allowed => allowed;

    public override bool IsValid(object? value) => value is not string[] items || Array.TrueForAll(items, allowed.Contains);
}

/// <summary>Every text of the array matches the pattern.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ItemPatternAttribute(string pattern) : ValidationAttribute
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(1);

    public string Pattern => pattern;

    public override bool IsValid(object? value) =>
        value is not string[] items || Array.TrueForAll(items, item => Regex.IsMatch(item, pattern, RegexOptions.CultureInvariant, Timeout));
}
