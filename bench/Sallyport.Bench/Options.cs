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

    public int NumberOrZero(string name) => TextOrNull(name) is null ? 0 : Number(name);

    public double Rate(string name) => double.Parse(Text(name), CultureInfo.InvariantCulture);
}

/// <summary>The server under load.</summary>
/// <param name="Audience">The audience of its Management API.</param>
internal sealed record Target(string Url, string Audience, int ProcessId)
{
    /// <summary>Where the server expects the providers of messages that a scenario stands for.</summary>
    public int ProviderPort { get; init; }
}

/// <summary>The number of clients and the measured time. A client sends one request after the other.</summary>
internal sealed record Load(int Clients, TimeSpan Counted)
{
    /// <summary>Long enough to prepare statements and to recompile hot code; not measured.</summary>
    public static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(4);

    /// <summary>The number of stored users, for scenarios that search them.</summary>
    public int Users { get; init; }

    public TimeSpan Total => WarmUp + Counted;
}
