namespace Sallyport.Server.Languages;

/// <summary>Chooses one of a tenant's languages for a person.</summary>
internal static class LanguageChoice
{
    /// <summary>Limits the work for a long query.</summary>
    private const int MaxTags = 32;

    /// <param name="enabled">The tenant's <c>enabled_locales</c>; the first is the default.</param>
    /// <param name="uiLocales">Tags separated by spaces, the preferred first (OpenID Connect Core 1.0, section 3.1.2.1).</param>
    public static Locale Choose(IReadOnlyList<string>? enabled, string? uiLocales, string? acceptLanguage)
    {
        var offered = Offered(enabled);
        LanguageTag[] wanted =
        [
            .. Wanted((uiLocales ?? "").Split(' ', MaxTags, StringSplitOptions.RemoveEmptyEntries)),
            .. Wanted(AcceptLanguage.Parse(acceptLanguage)),
        ];
        return FirstMatch(offered, wanted, (offer, tag) => offer.IsReadableAs(tag))
            // Chinese in the other script is better than a language that was not asked for.
            ?? FirstMatch(offered, wanted, (offer, tag) => offer.Language == tag.Language)
            ?? offered[0];
    }

    /// <summary>A mail may be in any language, because its sender chooses it. The default is that of the tenant.</summary>
    public static Locale ChooseForMail(IReadOnlyList<string>? enabled, string? emailLocale) =>
        LanguageTag.TryParse(emailLocale, out var tag) && Language.Find(tag) is { } language
            ? new Locale(language, tag)
            : Offered(enabled)[0];

    private static List<Locale> Offered(IReadOnlyList<string>? enabled)
    {
        var offered = Tags(enabled ?? [])
            .Where(tag => Language.Find(tag) is not null)
            .Select(tag => new Locale(Language.Find(tag)!, tag))
            .ToList();
        return offered.Count > 0 ? offered : [new Locale(Language.English, Language.English.Tag)];
    }

    /// <summary>
    /// Browsers expand "zh-TW" to "zh-TW, zh". The second tag adds nothing, and would match Chinese in the other script.
    /// </summary>
    private static IEnumerable<LanguageTag> Wanted(IEnumerable<string> tags)
    {
        var known = new HashSet<string>();
        return Tags(tags).Where(tag => known.Add(tag.Language) || tag is not { Script: null, Region: null });
    }

    private static IEnumerable<LanguageTag> Tags(IEnumerable<string> tags) =>
        tags.SelectMany(text => LanguageTag.TryParse(text, out var tag) ? [tag] : Array.Empty<LanguageTag>());

    /// <summary>Prefers the exact tag, then the language alone ("es" for "es-MX"), then any of its regions.</summary>
    private static Locale? FirstMatch(List<Locale> offered, LanguageTag[] wanted, Func<LanguageTag, LanguageTag, bool> fits) =>
        wanted.Select(tag => offered
                .Where(offer => fits(offer.Offered, tag))
                .OrderBy(offer => offer.Offered == tag ? 0 : offer.Offered.Region is null ? 1 : 2)
                .FirstOrDefault())
            .FirstOrDefault(locale => locale is not null);
}
