using System.CommandLine;
using Sallyport.Server.Connections;
using Sallyport.Server.Jobs;

namespace Sallyport.Server.Commands;

/// <summary>The commands and their options. Without a command the program runs the server.</summary>
internal static class CommandLine
{
    private const int MaxTicketDays = 30;

    private static readonly string[] TicketFactors = ["push-notification", "phone", "email", "otp", "webauthn-roaming", "webauthn-platform"];

    /// <param name="arguments">Without settings, which belong to the configuration.</param>
    /// <param name="run">Runs the server, or the command if there is one, and returns the exit code.</param>
    public static ParseResult Parse(IReadOnlyList<string> arguments, Func<Invocation?, Task<int>> run)
    {
        var isJson = new Option<bool>("--json") { Description = "Print the result as JSON", Recursive = true };
        var build = new Builder(isJson, run);
        var root = new RootCommand("Runs the Sallyport server. Settings are given as --NAME=VALUE; docs/configuration.md lists them.")
        {
            isJson,
            new Command("ticket", "Invites users to enroll.") { TicketCreate(build) },
            new Command("users", "Finds users, and helps those who have lost a device.") { UsersSearch(build), UsersShow(build), UsersReset(build) },
            Import(build),
            Export(build),
            new Command("clients", "Manages the clients of the Management API.") { ClientsCreate(build) },
            new Command("keys", "Manages the keys that sign tokens.") { KeysRotate(build) },
            Backup(build),
            Restore(build),
            Doctor(build),
        };
        root.SetAction((_, _) => run(null));
        // A file name may begin with "@", which would otherwise be read as a file of further arguments.
        return root.Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
    }

    /// <returns>The exit code.</returns>
    public static Task<int> InvokeAsync(ParseResult parsed)
    {
        if (FindFault(parsed) is { } fault)
        {
            Console.Error.WriteLine(fault);
            return Task.FromResult(1);
        }

        // The server and the commands handle signals and exceptions themselves.
        return parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
    }

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
            : error.Message.ReplaceLineEndings(" ").TrimEnd('.');
        return $"{message}; --help lists the commands and options";
    }

    private static Command TicketCreate(Builder build)
    {
        var user = new Option<string>("--user") { Description = "The user's id or email address", HelpName = "ID|EMAIL", Required = true };
        var factor = new Option<string?>("--factor") { Description = "The only factor that may be enrolled", HelpName = "FACTOR" };
        factor.AcceptOnlyFromAmong(TicketFactors);
        var sendsMail = new Option<bool>("--send-mail") { Description = "Send the link to the user's email address" };
        var allowsMultiple = new Option<bool>("--allow-multiple") { Description = "Let a user who is enrolled enroll another device" };
        var hours = new Option<int?>("--ttl") { Description = "How long the link works; five days if it is left out", HelpName = "HOURS" };
        hours.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int?>() is < 1 or > MaxTicketDays * 24)
            {
                result.AddError($"--ttl is not a number of hours from 1 to {MaxTicketDays * 24}");
            }
        });
        return build.Command("create", "Creates an enrollment ticket and prints its link.", [user, factor, sendsMail, allowsMultiple, hours], result =>
            new TicketCreate(result.GetRequiredValue(user))
            {
                Factor = result.GetValue(factor),
                SendsMail = result.GetValue(sendsMail),
                AllowsMultiple = result.GetValue(allowsMultiple),
                Lifetime = result.GetValue(hours) is { } number ? TimeSpan.FromHours(number) : null,
            });
    }

    private static Command UsersSearch(Builder build)
    {
        var query = new Argument<string>("QUERY") { Description = "In the language of the user search, such as email:*@example.com" };
        return build.Command("search", "Finds users.", [query], result => new UsersSearch(result.GetRequiredValue(query)));
    }

    private static Command UsersShow(Builder build)
    {
        var user = UserArgument();
        return build.Command("show", "Shows a user with their enrollments and open tickets.", [user], result => new UsersShow(result.GetRequiredValue(user)));
    }

    private static Command UsersReset(Builder build)
    {
        var user = UserArgument();
        var isConfirmed = new Option<bool>("--yes") { Description = "Do not ask for a confirmation" };
        return build.Command(
            "reset",
            "Removes all second factors of a user, and ends their open tickets and sign-ins.",
            [user, isConfirmed],
            result => new UsersReset(result.GetRequiredValue(user), result.GetValue(isConfirmed)));
    }

    private static Command Import(Builder build)
    {
        var file = new Argument<string>("FILE") { Description = "A file with one JSON object per line, or - for the standard input" };
        var connection = new Option<string>("--connection")
        {
            Description = "The connection to import the users into",
            HelpName = "NAME",
            DefaultValueFactory = _ => Connection.DefaultName,
        };
        var upsert = new Option<bool>("--upsert") { Description = "Update users that exist instead of refusing them" };
        return build.Command(
            "import",
            "Imports users into the configured storage. After an interruption the same command continues where the import stopped. "
            + "The exit code is 1 when a record was refused.",
            [file, connection, upsert],
            result => new Import(result.GetRequiredValue(file), result.GetRequiredValue(connection), result.GetValue(upsert)));
    }

    private static Command Export(Builder build)
    {
        var file = new Argument<string>("FILE") { Description = "A file that does not exist yet, or - for the standard output" };
        var format = new Option<string>("--format")
        {
            Description = "json for one object per line, or csv",
            HelpName = "FORMAT",
            DefaultValueFactory = _ => CreateExportRequest.Json,
        };
        format.AcceptOnlyFromAmong(CreateExportRequest.Json, CreateExportRequest.Csv);
        var connection = new Option<string?>("--connection") { Description = "Only the users of this connection", HelpName = "NAME" };
        return build.Command("export", "Writes all users of one moment to a file.", [file, format, connection], result =>
            new Export(result.GetRequiredValue(file), result.GetRequiredValue(format), result.GetValue(connection)));
    }

    private static Command ClientsCreate(Builder build)
    {
        var name = new Argument<string>("NAME");
        var scope = new Option<string[]>("--scope")
        {
            Description = "A scope of the Management API; can be repeated. Every scope if it is left out",
            HelpName = "SCOPE",
            AllowMultipleArgumentsPerToken = true,
        };
        return build.Command("create", "Creates a client for the Management API, and prints its id and its secret.", [name, scope], result =>
            new ClientsCreate(result.GetRequiredValue(name), result.GetValue(scope) ?? []));
    }

    private static Command KeysRotate(Builder build) => build.Command(
        "rotate", "Makes the next signing key the current one. Tokens that were signed before stay valid.", [], _ => new KeysRotate());

    private static Command Backup(Builder build)
    {
        var folder = new Argument<string>("FOLDER") { Description = "A folder that does not exist yet, or is empty" };
        return build.Command(
            "backup",
            "Backs up the database, and the master key if it is a file. Servers may run meanwhile.",
            [folder],
            result => new Backup(result.GetRequiredValue(folder)));
    }

    private static Command Restore(Builder build)
    {
        var folder = new Argument<string>("FOLDER") { Description = "A folder that backup has written" };
        return build.Command(
            "restore",
            "Restores a backup into an empty data directory or an empty PostgreSQL database.",
            [folder],
            result => new Restore(result.GetRequiredValue(folder)));
    }

    private static Command Doctor(Builder build) => build.Command(
        "doctor", "Checks the installation, and says what to correct. The exit code is 1 when something is wrong.", [], _ => new Doctor());

    private static Argument<string> UserArgument() => new("USER") { Description = "The user's id or email address" };

    private sealed class Builder(Option<bool> isJson, Func<Invocation?, Task<int>> run)
    {
        public Command Command(string name, string description, IEnumerable<Symbol> symbols, Func<ParseResult, ICommand> read)
        {
            var command = new Command(name, description);
            foreach (var symbol in symbols)
            {
                if (symbol is Option option)
                {
                    command.Options.Add(option);
                }
                else
                {
                    command.Arguments.Add((Argument)symbol);
                }
            }

            command.SetAction((result, _) => run(new Invocation(read(result), result.GetValue(isJson))));
            return command;
        }
    }
}
