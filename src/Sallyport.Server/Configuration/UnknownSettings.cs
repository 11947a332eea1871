namespace Sallyport.Server.Configuration;

/// <summary>Finds misspelt settings. Without this check the default would stay in force unnoticed.</summary>
internal static class UnknownSettings
{
    private const string Section = "Sallyport";

    /// <param name="known">Names of settings. The items of a list have its name and a number.</param>
    /// <returns>One fault for each unknown name.</returns>
    public static IEnumerable<string> FindFaults(IConfiguration configuration, IReadOnlySet<string> known)
    {
        foreach (var (key, value) in configuration.GetSection(Section).AsEnumerable())
        {
            if (value is not null && !known.Contains(key) && !IsItem(key, known))
            {
                yield return $"{key}: is not the name of a setting; give one of docs/configuration.md, such as {Nearest(key, known)}";
            }
        }
    }

    private static bool IsItem(string key, IReadOnlySet<string> known) =>
        key.LastIndexOf(':') is var colon && int.TryParse(key[(colon + 1)..], out _) && known.Contains(key[..colon]);

    private static string Nearest(string key, IReadOnlySet<string> known) =>
        known.MaxBy(name => name.Zip(key).TakeWhile(pair => char.ToUpperInvariant(pair.First) == char.ToUpperInvariant(pair.Second)).Count())!;
}
