using Sallyport.Server.Configuration;
using Sallyport.Server.Connections;
using Sallyport.Server.Jobs.Imports;
using Sallyport.Server.Security;
using Sallyport.Server.Storage;

namespace Sallyport.Server;

/// <summary><c>import FILE</c>: users from the command line, of any number, into the storage that is configured.</summary>
internal sealed class ImportCommand
{
    public const string Name = "import";

    private string? file;
    private string connection = Connection.DefaultName;
    private bool isUpsert;

    /// <summary>What is wrong with the arguments.</summary>
    public string? Fault { get; private set; }

    /// <returns>Null where something else was asked for; and the arguments that belong to the configuration.</returns>
    public static (ImportCommand? Command, string[] Settings) Read(string[] args)
    {
        if (args is not [Name, ..])
        {
            return (null, args);
        }

        var command = new ImportCommand();
        var settings = new List<string>();
        var rest = new Queue<string>(args[1..]);
        while (rest.TryDequeue(out var argument))
        {
            if (argument == "--upsert")
            {
                command.isUpsert = true;
            }
            else if (argument == "--connection" && rest.TryDequeue(out var name))
            {
                command.connection = name;
            }
            else if (argument.StartsWith("--", StringComparison.Ordinal) && argument.Contains('='))
            {
                settings.Add(argument);
            }
            else if (command.file is null && (argument == "-" || !argument.StartsWith('-')))
            {
                command.file = argument;
            }
            else
            {
                command.Fault = $"import: \"{argument}\" is not understood; --help says what is";
            }
        }

        command.Fault ??= command.file is null ? "import: the file is missing; name one with a JSON object a line, or - for the standard input" : null;
        return (command, [.. settings]);
    }

    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync(WebApplication app)
    {
        if (file != "-" && !File.Exists(file))
        {
            return Refuse($"import: {file} does not exist; name a file with a JSON object a line");
        }

        using var stop = new CancellationTokenSource();
        Console.CancelKeyPress += (_, press) =>
        {
            // What is in the middle of being written is still written.
            press.Cancel = true;
            stop.Cancel();
        };
        var services = app.Services;
        PrivateFiles.CreateDirectory(services.GetRequiredService<SallyportOptions>().DataDirectory);
        await services.GetRequiredService<Migrator>().MigrateAsync(stop.Token);
        await services.GetRequiredService<FirstStart>().MakeTenantAsync(stop.Token);
        await services.GetRequiredService<KeyRing>().StartAsync(stop.Token);

        await using var lines = file == "-" ? Console.OpenStandardInput() : File.OpenRead(file!);
        var report = new ImportReport(lines, services.GetRequiredService<TimeProvider>());
        try
        {
            var import = services.GetRequiredService<FileImport>();
            var start = await import.StartAsync(lines, connection, isUpsert, stop.Token);
            report.Begin(start.Position);
            var outcome = await import.RunAsync(lines, start, report.Add, stop.Token);
            return outcome switch
            {
                ImportOutcome.Imported => report.Finish(),
                ImportOutcome.ConnectionNotFound =>
                    Refuse($"import: there is no connection {connection}; start the server once for the first one, or make it there"),
                ImportOutcome.Overtaken => Refuse($"import: another process imports {file} at this moment, and goes on with it"),
            };
        }
        catch (OperationCanceledException)
        {
            report.Finish();
            return Refuse($"import: stopped; what is reported is in the database{(lines.CanSeek ? ", and the same command goes on after it" : "")}");
        }
    }

    private static int Refuse(string fault)
    {
        Console.Error.WriteLine(fault);
        return 1;
    }
}
