using Sallyport.Server.Configuration;
using Sallyport.Server.Jobs;
using Sallyport.Server.Security;
using Sallyport.Server.Storage;
using Spectre.Console;

namespace Sallyport.Server;

/// <summary>The command <c>import FILE</c>: imports any number of users into the configured storage.</summary>
/// <param name="File">A path, or <c>-</c> for the standard input.</param>
internal sealed record ImportCommand(string File, string Connection, bool Upsert)
{
    private const string StandardInput = "-";

    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync(WebApplication app)
    {
        if (File != StandardInput && !System.IO.File.Exists(File))
        {
            return Refuse($"{File} does not exist; give a file with one JSON object per line");
        }

        using var stop = new CancellationTokenSource();
        Console.CancelKeyPress += (_, press) =>
        {
            // The batch that is being written is completed.
            press.Cancel = true;
            stop.Cancel();
        };
        await PrepareAsync(app.Services, stop.Token);
        await using var lines = File == StandardInput ? Console.OpenStandardInput() : System.IO.File.OpenRead(File);
        try
        {
            return await ImportAsync(app.Services, lines, stop.Token);
        }
        catch (OperationCanceledException)
        {
            return Refuse(lines.CanSeek
                ? "stopped; the reported records are in the database, and the same command continues after them"
                : "stopped; the reported records are in the database");
        }
    }

    private static async Task PrepareAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        PrivateFiles.CreateDirectory(services.GetRequiredService<SallyportOptions>().DataDirectory);
        await services.GetRequiredService<Migrator>().MigrateAsync(cancellationToken);
        await services.GetRequiredService<FirstStart>().CreateTenantAsync(cancellationToken);
        await services.GetRequiredService<KeyRing>().StartAsync(cancellationToken);
    }

    private async Task<int> ImportAsync(IServiceProvider services, Stream lines, CancellationToken cancellationToken)
    {
        var import = services.GetRequiredService<ImportStream>();
        var start = await import.StartAsync(lines, (Connection, Upsert), cancellationToken);
        var report = new ImportReport(lines, start.Position, services.GetRequiredService<TimeProvider>());
        var outcome = await report.ShowAsync(
            AnsiConsole.Console, () => import.RunAsync(lines, start, report.Add, cancellationToken));
        return outcome switch
        {
            ImportStreamOutcome.Imported => report.ExitCode,
            ImportStreamOutcome.ConnectionNotFound =>
                Refuse($"the connection {Connection} does not exist; create it, or start the server once to create the first one"),
            ImportStreamOutcome.Overtaken => Refuse($"another process is importing {File}; wait for it"),
        };
    }

    private static int Refuse(string fault) => Program.Refuse(["import: " + fault]);
}
