using System.Text.RegularExpressions;

namespace Sallyport.Server.Messages.Providers;

/// <summary>Makes texts of a provider safe for logs and for answers to administrators. Some providers repeat what they were sent.</summary>
internal static partial class ProviderText
{
    private const int MaxLength = 200;

    /// <summary>Removes phone numbers, codes, addresses and tokens.</summary>
    public static string Clean(string text) =>
        HeaderText.Clean(Sensitive().Replace(text.Length > 2 * MaxLength ? text[..(2 * MaxLength)] : text, "***"), MaxLength);

    [GeneratedRegex(@"\+?\d(?:[ .()-]{0,2}\d){5,}|[^\s<>""@]+@[^\s<>""@]+|(?=[A-Za-z_+/=-]*\d)[A-Za-z0-9_+/=-]{20,}")]
    private static partial Regex Sensitive();
}
