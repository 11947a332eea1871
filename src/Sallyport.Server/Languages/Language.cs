namespace Sallyport.Server.Languages;

/// <summary>A language that the server and the widget have texts in.</summary>
/// <param name="Name">The name of its files: <c>Texts/de.json</c> here, <c>languages/de.js</c> in the widget.</param>
/// <param name="Tag">The language tag of the texts, with script or region where they matter.</param>
internal sealed record Language(string Name, LanguageTag Tag)
{
    public static readonly Language English = new("en", new LanguageTag("en", null, null));

    /// <summary>The only list of languages on the server. A test compares it with the files.</summary>
    public static readonly IReadOnlyList<Language> All =
    [
        new("ar", new LanguageTag("ar", null, null)),
        new("de", new LanguageTag("de", null, null)),
        English,
        new("es", new LanguageTag("es", null, null)),
        new("fr", new LanguageTag("fr", null, null)),
        new("hi", new LanguageTag("hi", null, null)),
        new("it", new LanguageTag("it", null, null)),
        new("ja", new LanguageTag("ja", null, null)),
        new("ko", new LanguageTag("ko", null, null)),
        new("nl", new LanguageTag("nl", null, null)),
        new("pl", new LanguageTag("pl", null, null)),
        new("pt", new LanguageTag("pt", null, "BR")),
        new("tr", new LanguageTag("tr", null, null)),
        new("zh", new LanguageTag("zh", "Hans", null)),
    ];

    public string Direction => Name == "ar" ? "rtl" : "ltr";

    /// <summary>The language whose texts fit this tag, or null.</summary>
    public static Language? Find(LanguageTag tag) => All.FirstOrDefault(language => language.Tag.IsReadableAs(tag));
}
