using Sallyport.Server.Jobs.Imports;
using Spectre.Console;

namespace Sallyport.Server.Commands;

/// <summary>The command <c>import FILE</c>: imports any number of users into the configured storage.</summary>
/// <param name="File">A path, or <c>-</c> for the standard input.</param>
internal sealed record Import(string File, string Connection, bool Upsert) : ICommand
{
    private const string StandardInput = "-";

    public string Name => "import";

    public async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        await using var lines = Open();
        try
        {
            return await ImportAsync(context, lines, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            throw new CommandException(lines.CanSeek
                ? "stopped; the reported records are in the database, and the same command continues after them"
                : "stopped; the reported records are in the database");
        }
    }

    private Stream Open()
    {
        if (File != StandardInput && !System.IO.File.Exists(File))
        {
            throw new CommandException($"{File} does not exist; give a file with one JSON object per line");
        }

        try
        {
            return File == StandardInput ? Console.OpenStandardInput() : System.IO.File.OpenRead(File);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CommandException($"{File} cannot be read: {exception.Message}");
        }
    }

    private async Task<int> ImportAsync(CommandContext context, Stream lines, CancellationToken cancellationToken)
    {
        var import = context.Get<FileImport>();
        var start = await import.StartAsync(lines, Connection, Upsert, cancellationToken);
        var report = new ImportReport(lines, start.Position, context.Output, context.Get<TimeProvider>());
        var outcome = await report.ShowAsync(
            AnsiConsole.Console, () => import.RunAsync(lines, start, report.Add, cancellationToken));
        return outcome switch
        {
            ImportOutcome.Imported => report.ExitCode,
            ImportOutcome.ConnectionNotFound =>
                throw new CommandException($"the connection {Connection} does not exist; create it, or start the server once to create the first one"),
            ImportOutcome.Overtaken => throw new CommandException($"another process is importing {File}; wait for it"),
        };
    }
}
