using System.Globalization;
using Sallyport.Server.Jobs;
using Spectre.Console;

namespace Sallyport.Server;

/// <summary>Reports the progress of an import: with a bar on a terminal, otherwise with a line every few seconds.</summary>
internal sealed class ImportReport(Stream lines, FilePosition resumedAt, TimeProvider clock)
{
    /// <summary>More refused records usually have the same cause.</summary>
    private const int MaxFailures = 100;

    private static readonly TimeSpan LineInterval = TimeSpan.FromSeconds(5);

    private readonly long startedAt = clock.GetTimestamp();
    private long inserted;
    private long updated;
    private long failed;
    private TimeSpan reportedAt;
    private IAnsiConsole? terminal;
    private ProgressTask? bar;

    /// <summary>1 if a record was refused, by this run or by the one that it continues.</summary>
    public int ExitCode => failed + resumedAt.Failed > 0 ? 1 : 0;

    private long Records => inserted + updated + failed;

    private bool IsSizeKnown => lines.CanSeek && lines.Length > 0;

    /// <summary>Runs the import and reports its start, its progress and its end.</summary>
    public async Task<ImportStreamOutcome> ShowAsync(IAnsiConsole console, Func<Task<ImportStreamOutcome>> import)
    {
        if (resumedAt.Lines > 0)
        {
            Console.Out.WriteLine(
                $"continuing after line {resumedAt.Lines}, where the import of this file was interrupted: "
                + $"{resumedAt.Inserted} inserted, {resumedAt.Updated} updated, {resumedAt.Failed} refused until then");
        }

        try
        {
            var outcome = console.Profile.Capabilities.Interactive && !Console.IsOutputRedirected
                ? await ShowBarAsync(console, import)
                : await import();
            if (outcome == ImportStreamOutcome.Imported)
            {
                ReportEnd();
            }

            return outcome;
        }
        catch (OperationCanceledException)
        {
            ReportEnd();
            throw;
        }
    }

    /// <summary>Called after each batch that is in the database.</summary>
    public void Add(WrittenLines written)
    {
        foreach (var (line, failure) in written.Failures.Take((int)Math.Max(0, MaxFailures - failed)))
        {
            // The message repeats text of the file.
            ReportFailure($"line {line}: {failure.Errors[0].Code}: {TerminalText.Escape(failure.Errors[0].Message)}");
        }

        inserted += written.Counts.Inserted;
        updated += written.Counts.Updated;
        failed += written.Counts.Failed;
        ReportProgress();
    }

    private async Task<ImportStreamOutcome> ShowBarAsync(IAnsiConsole console, Func<Task<ImportStreamOutcome>> import)
    {
        terminal = console;
        return await console.Progress()
            .Columns(new ProgressBarColumn(), new PercentageColumn(), new TaskDescriptionColumn { Alignment = Justify.Left })
            .StartAsync(async context =>
            {
                bar = context.AddTask("starting", maxValue: IsSizeKnown ? lines.Length : 1);
                bar.IsIndeterminate = !IsSizeKnown;
                return await import();
            });
    }

    /// <summary>While the bar is shown, a line for the terminal has to be printed above it.</summary>
    private void ReportFailure(string text)
    {
        if (terminal is null || Console.IsErrorRedirected)
        {
            Console.Error.WriteLine(text);
        }
        else
        {
            terminal.WriteLine(text);
        }
    }

    private void ReportProgress()
    {
        var elapsed = clock.GetElapsedTime(startedAt);
        var state = $"{Records} records, {Records / Math.Max(elapsed.TotalSeconds, 0.001):F0} per second";
        if (bar is not null)
        {
            bar.Description = state;
            bar.Value = IsSizeKnown ? lines.Position : 0;
        }
        else if (elapsed - reportedAt >= LineInterval)
        {
            reportedAt = elapsed;
            var share = IsSizeKnown ? ((double)lines.Position / lines.Length).ToString("P0", CultureInfo.InvariantCulture) + ", " : "";
            Console.Out.WriteLine(share + state);
        }
    }

    private void ReportEnd()
    {
        Console.Out.WriteLine(
            $"{Records} records in {clock.GetElapsedTime(startedAt).TotalSeconds:F1} s: {inserted} inserted, {updated} updated, {failed} refused");
        if (failed > MaxFailures)
        {
            Console.Error.WriteLine($"{failed - MaxFailures} more records were refused");
        }
    }
}
