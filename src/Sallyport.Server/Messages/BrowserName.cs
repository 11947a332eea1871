namespace Sallyport.Server.Messages;

/// <summary>The browser and the system that a <c>User-Agent</c> header names, such as <c>Firefox, Windows</c>. Never a part of the header itself.</summary>
internal static class BrowserName
{
    /// <summary>Browsers claim to be those that are listed after them.</summary>
    private static readonly (string Mark, string Name)[] Browsers =
    [
        ("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser/", "Samsung Internet"), ("Firefox/", "Firefox"), ("FxiOS/", "Firefox"), ("CriOS/", "Chrome"),
        ("Chrome/", "Chrome"), ("Safari/", "Safari"),
    ];

    private static readonly (string Mark, string Name)[] Systems =
    [
        ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("CrOS", "ChromeOS"), ("Mac OS X", "macOS"), ("Linux", "Linux"),
    ];

    /// <returns>Null if it names neither.</returns>
    public static string? Of(string? userAgent)
    {
        string[] names = [.. new[] { BrowserOf(userAgent), SystemOf(userAgent) }.OfType<string>()];
        return names.Length == 0 ? null : string.Join(", ", names);
    }

    public static string? BrowserOf(string? userAgent) => Find(Browsers, userAgent);

    public static string? SystemOf(string? userAgent) => Find(Systems, userAgent);

    private static string? Find((string Mark, string Name)[] known, string? userAgent) =>
        known.FirstOrDefault(entry => userAgent?.Contains(entry.Mark, StringComparison.Ordinal) == true).Name;
}
