namespace Sallyport.Server.Configuration;

/// <summary>
/// Separates the settings on the command line (<c>--Sallyport:PublicUrl https://mfa.example.com</c>, <c>--urls=…</c>) from commands
/// and their options. The configuration provider of the platform accepts any name; here a misspelt one is an error.
/// </summary>
internal sealed class CommandLineSettings
{
    /// <summary>Settings of the platform that are not in a section.</summary>
    private static readonly string[] Names = ["urls", "http_ports", "https_ports", "environment", "AllowedHosts"];

    private static readonly string[] Sections = ["Sallyport", "Kestrel", "Logging"];

    private static readonly string[] Prefixes = ["OTEL_"];

    private const string ConnectionString = "ConnectionStrings:Sallyport";

    private readonly List<string> settings = [];
    private readonly List<string> commands = [];
    private readonly List<string> faults = [];

    private CommandLineSettings()
    {
    }

    /// <summary>Each as <c>--NAME=VALUE</c>.</summary>
    public IReadOnlyList<string> Settings => settings;

    /// <summary>The arguments that are not settings, in their order.</summary>
    public IReadOnlyList<string> Commands => commands;

    /// <summary>One line each: the name, what is wrong with it, and how to correct it.</summary>
    public IReadOnlyList<string> Faults => faults;

    public static CommandLineSettings Read(string[] arguments)
    {
        var result = new CommandLineSettings();
        for (var i = 0; i < arguments.Length; i++)
        {
            var (name, value) = Split(arguments[i]);
            if (!IsSetting(name))
            {
                result.AddCommand(arguments[i], name);
            }
            else if (value is not null)
            {
                result.settings.Add($"--{name}={value}");
            }
            else if (i + 1 < arguments.Length && !arguments[i + 1].StartsWith("--", StringComparison.Ordinal))
            {
                result.settings.Add($"--{name}={arguments[++i]}");
            }
            else
            {
                result.faults.Add($"{name}: the value is missing; give it as --{name}=VALUE");
            }
        }

        return result;
    }

    /// <summary>An option with a colon in its name can only be a misspelt setting.</summary>
    private void AddCommand(string argument, string name)
    {
        if (argument.StartsWith("--", StringComparison.Ordinal) && name.Contains(':', StringComparison.Ordinal))
        {
            faults.Add($"{name}: is not the name of a setting; give one of docs/configuration.md, such as Sallyport:PublicUrl");
        }
        else
        {
            commands.Add(argument);
        }
    }

    private static bool IsSetting(string name) =>
        Names.Contains(name, StringComparer.OrdinalIgnoreCase)
        || name.Equals(ConnectionString, StringComparison.OrdinalIgnoreCase)
        || Sections.Any(section => name.StartsWith(section + ":", StringComparison.OrdinalIgnoreCase))
        || Prefixes.Any(prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase));

    /// <returns>A null value if the argument has no "=": the next argument is the value.</returns>
    private static (string Name, string? Value) Split(string argument)
    {
        var start = argument.StartsWith("--", StringComparison.Ordinal) ? 2 : argument.StartsWith('/') ? 1 : 0;
        var equals = argument.IndexOf('=', StringComparison.Ordinal);
        return equals < 0 ? (argument[start..], null) : (argument[start..equals], argument[(equals + 1)..]);
    }
}
