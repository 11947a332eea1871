using System.CommandLine;
using Sallyport.Server.Connections;

namespace Sallyport.Server;

/// <summary>The commands and their options. Without a command the program runs the server.</summary>
internal static class CommandLine
{
    /// <param name="arguments">Without settings, which belong to the configuration.</param>
    /// <param name="run">Runs the server, or the import if there is one, and returns the exit code.</param>
    public static ParseResult Parse(IReadOnlyList<string> arguments, Func<ImportCommand?, Task<int>> run)
    {
        var root = new RootCommand("Runs the Sallyport server. Settings are given as --NAME=VALUE; docs/configuration.md lists them.") { Import(run) };
        root.SetAction((_, _) => run(null));
        // A file name may begin with "@", which would otherwise be read as a file of further arguments.
        return root.Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
    }

    /// <returns>The exit code.</returns>
    public static Task<int> InvokeAsync(ParseResult parsed) =>
        FindFault(parsed) is { } fault
            ? Task.FromResult(Program.Refuse([fault]))
            // The server and the import handle signals and exceptions themselves.
            : parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });

    /// <returns>One line; null if the arguments are correct.</returns>
    public static string? FindFault(ParseResult parsed)
    {
        if (parsed.Errors is not [var error, ..])
        {
            return null;
        }

        // A value is not repeated, because it may be a secret.
        var message = parsed.UnmatchedTokens is [var token, ..]
            ? $"\"{token.Split('=')[0]}\" is not a command or an option"
            : error.Message.TrimEnd('.');
        return $"{message}; --help lists the commands and options";
    }

    private static Command Import(Func<ImportCommand?, Task<int>> run)
    {
        var file = new Argument<string>("FILE") { Description = "A file with one JSON object per line, or - for the standard input" };
        var connection = new Option<string>("--connection")
        {
            Description = "The connection to import the users into",
            HelpName = "NAME",
            DefaultValueFactory = _ => Connection.DefaultName,
        };
        var upsert = new Option<bool>("--upsert") { Description = "Update users that exist instead of refusing them" };
        var import = new Command(
            "import",
            "Imports users into the configured storage. After an interruption the same command continues where the import stopped. "
            + "The exit code is 1 when a record was refused.") { file, connection, upsert };
        import.SetAction((result, _) =>
            run(new ImportCommand(result.GetRequiredValue(file), result.GetRequiredValue(connection), result.GetValue(upsert))));
        return import;
    }
}
