using System.Globalization;

namespace Sallyport.Bench;

/// <summary>The pairs <c>--name value</c> after the command and the scenario.</summary>
internal sealed class Options(string[] args)
{
    private readonly Dictionary<string, string> values =
        args.Skip(2).Chunk(2).ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal);

    public string? TextOrNull(string name) => values.GetValueOrDefault(name);

    public string Text(string name) => TextOrNull(name) ?? throw new ArgumentException($"{name} is missing");

    public int Number(string name) => int.Parse(Text(name), NumberStyles.None, CultureInfo.InvariantCulture);

    public double Rate(string name) => double.Parse(Text(name), CultureInfo.InvariantCulture);
}

/// <summary>The server under load.</summary>
/// <param name="Audience">Of its Management API.</param>
internal sealed record Target(string Url, string Audience, int ProcessId);

/// <summary>How many clients ask, each one request after the other, and for how long it is counted.</summary>
internal sealed record Load(int Clients, TimeSpan Counted)
{
    /// <summary>Long enough for statements to be prepared and for hot code to be compiled again; not counted.</summary>
    public static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(4);

    /// <summary>How many users there are to find, where that is the question.</summary>
    public int Users { get; init; }

    public TimeSpan Total => WarmUp + Counted;
}
