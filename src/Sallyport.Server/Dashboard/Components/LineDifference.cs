using DiffPlex.DiffBuilder;
using DiffPlex.DiffBuilder.Model;

namespace Sallyport.Server.Dashboard.Components;

public enum LineChange
{
    Same,
    Removed,
    Added,

    /// <summary>Stands for lines that are the same in both texts.</summary>
    Gap,
}

/// <param name="Number">In the new text, of a removed line in the old one; for a gap the number of lines that are left out.</param>
public sealed record DifferenceLine(LineChange Change, int Number, string Text);

/// <summary>The lines in which two texts differ, with some lines around them.</summary>
public static class LineDifference
{
    /// <summary>Lines around a change.</summary>
    private const int Context = 3;

    /// <summary>Longer texts are not compared: the time grows with the square of their length.</summary>
    private const int MaxLines = 5000;

    /// <returns>Empty if the texts are the same; null if they are too long.</returns>
    public static IReadOnlyList<DifferenceLine>? Of(string before, string after)
    {
        if (LinesIn(before) > MaxLines || LinesIn(after) > MaxLines)
        {
            return null;
        }

        var lines = Number(InlineDiffBuilder.Diff(before, after, ignoreWhiteSpace: false).Lines).ToList();
        return lines.Exists(line => line.Change != LineChange.Same) ? [.. Shorten(lines)] : [];
    }

    private static int LinesIn(string text) => text.AsSpan().Count('\n') + 1;

    private static IEnumerable<DifferenceLine> Number(IEnumerable<DiffPiece> pieces)
    {
        var (old, current) = (0, 0);
        foreach (var piece in pieces)
        {
            old += piece.Type == ChangeType.Inserted ? 0 : 1;
            current += piece.Type == ChangeType.Deleted ? 0 : 1;
            yield return piece.Type switch
            {
                ChangeType.Deleted => new DifferenceLine(LineChange.Removed, old, piece.Text),
                ChangeType.Inserted => new DifferenceLine(LineChange.Added, current, piece.Text),
                _ => new DifferenceLine(LineChange.Same, current, piece.Text),
            };
        }
    }

    private static IEnumerable<DifferenceLine> Shorten(List<DifferenceLine> lines)
    {
        var shown = new bool[lines.Count];
        for (var i = 0; i < lines.Count; i++)
        {
            if (lines[i].Change != LineChange.Same)
            {
                shown.AsSpan(Math.Max(0, i - Context)..Math.Min(lines.Count, i + Context + 1)).Fill(true);
            }
        }

        for (var i = 0; i < lines.Count; i++)
        {
            if (shown[i])
            {
                yield return lines[i];
                continue;
            }

            var start = i;
            while (i + 1 < lines.Count && !shown[i + 1])
            {
                i++;
            }

            yield return new DifferenceLine(LineChange.Gap, i - start + 1, "");
        }
    }
}
