using System.Globalization;

namespace Sallyport.Server.Configuration;

/// <summary>Reads single values of the configuration, and collects the faults of those that cannot be read.</summary>
internal sealed class ConfigurationValues(IConfiguration configuration)
{
    private const int MaxDays = 36_500;

    /// <summary>One line each: the key, what is wrong with its value, and how to correct it.</summary>
    public List<string> Faults { get; } = [];

    /// <summary>The keys that were read.</summary>
    public HashSet<string> Known { get; } = new(StringComparer.OrdinalIgnoreCase);

    public string? Text(string key)
    {
        Known.Add(key);
        return configuration[key] is { Length: > 0 } text ? text : null;
    }

    public int Number(string key, int fallback, int min, int max)
    {
        if (Text(key) is not { } text)
        {
            return fallback;
        }

        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number >= min
            && number <= max)
        {
            return number;
        }

        Faults.Add($"{key}: \"{text}\" is not a whole number from {min} to {max}; give one, or leave it out for {fallback}");
        return fallback;
    }

    public bool Boolean(string key)
    {
        if (Text(key) is not { } text)
        {
            return false;
        }

        if (bool.TryParse(text, out var value))
        {
            return value;
        }

        Faults.Add($"{key}: \"{text}\" is not true or false; give one of them, or leave it out for false");
        return false;
    }

    public TimeSpan Days(string key, int fallback) => TimeSpan.FromDays(Number(key, fallback, min: 1, MaxDays));

    /// <summary>A list is an array in the configuration, or one text with commas.</summary>
    public string[] List(string key) =>
        Text(key) is { } text
            ? text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            : [.. configuration.GetSection(key).GetChildren().Select(child => child.Value ?? "")];
}
