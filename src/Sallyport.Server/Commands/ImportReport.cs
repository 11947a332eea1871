using System.Globalization;
using System.Text.Json.Nodes;
using Sallyport.Server.Jobs.Imports;
using Spectre.Console;

namespace Sallyport.Server.Commands;

/// <summary>Reports the progress of an import: with a bar on a terminal, otherwise with a line every few seconds.</summary>
internal sealed class ImportReport(Stream lines, FilePosition resumedAt, CommandOutput output, TimeProvider clock)
{
    /// <summary>More refused records usually have the same cause.</summary>
    private const int MaxFailures = 100;

    private static readonly TimeSpan LineInterval = TimeSpan.FromSeconds(5);

    private readonly long startedAt = clock.GetTimestamp();
    private readonly JsonArray failures = [];
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
    public async Task<ImportOutcome> ShowAsync(IAnsiConsole console, Func<Task<ImportOutcome>> import)
    {
        if (resumedAt.Lines > 0)
        {
            output.Line(
                $"continuing after line {resumedAt.Lines}, where the import of this file was interrupted: "
                + $"{resumedAt.Inserted} inserted, {resumedAt.Updated} updated, {resumedAt.Failed} refused until then");
        }

        try
        {
            var outcome = output is { IsTerminal: true, IsJson: false } && console.Profile.Capabilities.Interactive
                ? await ShowBarAsync(console, import)
                : await import();
            if (outcome == ImportOutcome.Imported)
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
    public void Add(ImportResult written)
    {
        foreach (var (line, failure) in written.Failures.Take((int)Math.Max(0, MaxFailures - failed)))
        {
            var (code, message) = (failure.Errors[0].Code, failure.Errors[0].Message);
            failures.Add(new JsonObject { ["line"] = line, ["code"] = code, ["message"] = message });
            // The message repeats text of the file.
            ReportFailure(TerminalText.Escape($"line {line}: {code}: {message}"));
        }

        inserted += written.Counts.Inserted;
        updated += written.Counts.Updated;
        failed += written.Counts.Failed;
        ReportProgress();
    }

    private async Task<ImportOutcome> ShowBarAsync(IAnsiConsole console, Func<Task<ImportOutcome>> import)
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
            output.Error(text);
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
            output.Line(share + state);
        }
    }

    private void ReportEnd()
    {
        output.Line(
            $"{Records} records in {clock.GetElapsedTime(startedAt).TotalSeconds:F1} s: {inserted} inserted, {updated} updated, {failed} refused");
        if (failed > MaxFailures)
        {
            output.Error($"{failed - MaxFailures} more records were refused");
        }

        output.Json(new JsonObject
        {
            ["inserted"] = inserted,
            ["updated"] = updated,
            ["refused"] = failed,
            ["continued_after_line"] = resumedAt.Lines,
            ["errors"] = failures,
        });
    }
}
