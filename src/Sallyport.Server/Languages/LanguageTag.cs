using System.Text.RegularExpressions;

namespace Sallyport.Server.Languages;

/// <summary>The parts of a language tag (BCP 47) that matter for the choice of a language. Other parts are ignored.</summary>
internal readonly partial record struct LanguageTag(string Language, string? Script, string? Region)
{
    private const int MaxLength = 35;

    /// <summary>The script, which for Chinese follows from the region. The other supported languages have only one.</summary>
    private string? WrittenScript => Script ?? (Language, Region) switch
    {
        ("zh", "TW" or "HK" or "MO") => "Hant",
        ("zh", _) => "Hans",
        _ => null,
    };

    /// <summary>Accepts underscores as hyphens, because they are a common mistake.</summary>
    public static bool TryParse(string? text, out LanguageTag tag)
    {
        tag = default;
        var match = text is { Length: <= MaxLength } ? Form().Match(text) : Match.Empty;
        if (!match.Success)
        {
            return false;
        }

        var script = match.Groups["script"] is { Success: true, ValueSpan: var letters }
            ? char.ToUpperInvariant(letters[0]) + match.Groups["script"].Value[1..].ToLowerInvariant()
            : null;
        var region = match.Groups["region"] is { Success: true, Value: var place } ? place.ToUpperInvariant() : null;
        tag = new LanguageTag(match.Groups["language"].Value.ToLowerInvariant(), script, region);
        return true;
    }

    public bool IsReadableAs(LanguageTag other) =>
        Language == other.Language && (WrittenScript is null || other.WrittenScript is null || WrittenScript == other.WrittenScript);

    public override string ToString() => string.Join('-', new[] { Language, Script, Region }.Where(part => part is not null));

    [GeneratedRegex(
        @"^(?<language>[a-z]{2,3})([-_][a-z]{3})?([-_](?<script>[a-z]{4}))?([-_](?<region>[a-z]{2}|[0-9]{3}))?([-_][a-z0-9]{1,8})*\z",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
