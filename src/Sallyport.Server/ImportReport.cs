using System.Globalization;
using Sallyport.Server.Jobs.Imports;

namespace Sallyport.Server;

/// <summary>Says how an import goes: with a bar on a terminal, with a line now and then elsewhere.</summary>
internal sealed class ImportReport(Stream lines, TimeProvider clock)
{
    private const int BarLength = 30;

    /// <summary>Who has more refused records has made the same mistake in all of them.</summary>
    private const int MaxFailures = 100;

    private static readonly TimeSpan LineInterval = TimeSpan.FromSeconds(5);

    private readonly long started = clock.GetTimestamp();
    private long inserted;
    private long updated;
    private long failed;
    private long failedBefore;
    private TimeSpan told;

    private long Records => inserted + updated + failed;

    /// <param name="position">Where a run before this one was interrupted.</param>
    public void Begin(FilePosition position)
    {
        failedBefore = position.Failed;
        if (position.Lines > 0)
        {
            Console.Out.WriteLine(
                $"going on after line {position.Lines}, where the import of this file was interrupted: {position.Inserted} inserted, {position.Updated} updated, {position.Failed} refused until then");
        }
    }

    public void Add(ImportResult written)
    {
        if (!Console.IsOutputRedirected)
        {
            Console.Out.Write("\r\u001b[K");
        }

        foreach (var (line, failure) in written.Failures.Take((int)Math.Max(0, MaxFailures - failed)))
        {
            // The message may repeat names that are in the file: anything may be in them.
            Console.Error.WriteLine($"line {line}: {failure.Errors[0].Code}: {TerminalText.Show(failure.Errors[0].Message)}");
        }

        inserted += written.Counts.Inserted;
        updated += written.Counts.Updated;
        failed += written.Counts.Failed;
        Tell();
    }

    /// <returns>The exit code.</returns>
    public int Finish()
    {
        Console.Out.WriteLine(
            $"{(Console.IsOutputRedirected ? "" : "\r\u001b[K")}{Records} records in {clock.GetElapsedTime(started).TotalSeconds:F1} s: {inserted} inserted, {updated} updated, {failed} refused");
        if (failed > MaxFailures)
        {
            Console.Error.WriteLine($"{failed - MaxFailures} more were refused than are shown");
        }

        return failed + failedBefore > 0 ? 1 : 0;
    }

    private void Tell()
    {
        var elapsed = clock.GetElapsedTime(started);
        var state = $"{Share()}{Records} records, {Records / Math.Max(elapsed.TotalSeconds, 0.001):F0} a second";
        if (!Console.IsOutputRedirected)
        {
            Console.Out.Write(state);
        }
        else if (elapsed - told >= LineInterval)
        {
            told = elapsed;
            Console.Out.WriteLine(state);
        }
    }

    /// <summary>Of the file that has been read; of the standard input nobody knows the end.</summary>
    private string Share()
    {
        if (!lines.CanSeek || lines.Length == 0)
        {
            return "";
        }

        var share = (double)lines.Position / lines.Length;
        var percentage = share.ToString("P0", CultureInfo.InvariantCulture);
        var done = (int)(share * BarLength);
        return Console.IsOutputRedirected ? percentage + ", " : $"[{new string('#', done)}{new string('.', BarLength - done)}] {percentage}, ";
    }
}
