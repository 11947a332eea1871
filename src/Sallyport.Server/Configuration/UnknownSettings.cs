namespace Sallyport.Server.Configuration;

/// <summary>A setting with a slip in its name would leave its default in force, and nobody would know.</summary>
internal static class UnknownSettings
{
    private const string Section = "Sallyport";

    /// <summary>Of the dashboard, which is not built yet: whoever has them in place already may keep them.</summary>
    private static readonly string[] Reserved = ["Sallyport:Bootstrap:AdminEmail", "Sallyport:Bootstrap:AdminPassword"];

    /// <param name="known">Names of settings. Items of a list lie below its name.</param>
    /// <returns>A fault for each.</returns>
    public static IEnumerable<string> FindFaults(IConfiguration configuration, IReadOnlySet<string> known) =>
        from setting in configuration.GetSection(Section).AsEnumerable()
        where setting.Value is not null && !known.Contains(setting.Key) && !IsItem(setting.Key, known)
            && !Reserved.Contains(setting.Key, StringComparer.OrdinalIgnoreCase)
        select $"{setting.Key}: the name is not that of a setting; give one of docs/configuration.md, such as {Nearest(setting.Key, known)}";

    private static bool IsItem(string key, IReadOnlySet<string> known) =>
        key.LastIndexOf(':') is var colon && int.TryParse(key[(colon + 1)..], out _) && known.Contains(key[..colon]);

    private static string Nearest(string key, IReadOnlySet<string> known) =>
        known.MaxBy(name => name.Zip(key).TakeWhile(pair => char.ToUpperInvariant(pair.First) == char.ToUpperInvariant(pair.Second)).Count())!;
}
