using Sallyport.Server.Dashboard.Texts;

namespace Sallyport.Server.Dashboard.Components;

/// <summary>The name of a browser and its system, as a person calls them.</summary>
internal static class BrowserName
{
    /// <summary>A mark in the user agent, and the name. The first that is found counts: many name others, too.</summary>
    private static readonly (string Mark, string Name)[] Browsers =
    [
        ("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("Firefox/", "Firefox"), ("FxiOS", "Firefox"), ("CriOS", "Chrome"),
        ("Chrome/", "Chrome"), ("Safari/", "Safari"),
    ];

    private static readonly (string Mark, string Name)[] Systems =
    [
        ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("Mac OS X", "macOS"), ("CrOS", "ChromeOS"), ("Linux", "Linux"),
    ];

    public static string Of(string? userAgent) => (Find(Browsers, userAgent), Find(Systems, userAgent)) switch
    {
        (null, null) => CommonTexts.UnknownBrowser,
        ({ } browser, null) => browser,
        (null, { } system) => system,
        ({ } browser, { } system) => CommonTexts.BrowserOn(browser, system),
    };

    private static string? Find((string Mark, string Name)[] known, string? userAgent) =>
        userAgent is null ? null : known.FirstOrDefault(candidate => userAgent.Contains(candidate.Mark, StringComparison.Ordinal)).Name;
}
