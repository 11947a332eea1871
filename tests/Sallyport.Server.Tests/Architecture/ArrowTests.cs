using System.Text.RegularExpressions;

namespace Sallyport.Server.Tests.Architecture;

/// <summary>Folders depend on each other exactly as <c>docs/architecture.md</c> lists.</summary>
public sealed partial class ArrowTests
{
    private const string Root = "Sallyport.Server.";

    [Fact]
    public void Folders_use_only_what_the_architecture_allows()
    {
        var allowed = ReadArrows();
        var used = AssemblyReader.Uses(typeof(Program).Assembly)
            .Select(use => (From: Folder(use.From), To: Folder(use.To)))
            .Where(use => use.From is not null && use.To is not null && use.From != use.To)
            .Distinct()
            .ToList();

        used.Count.ShouldBeGreaterThan(30, "The test examined too little.");
        used.Where(use => !allowed.Contains((use.From!, use.To!)))
            .Select(use => $"{use.From} → {use.To}")
            .Order()
            .ShouldBeEmpty();
    }

    [Fact]
    public void Every_arrow_of_the_architecture_is_in_use()
    {
        var used = AssemblyReader.Uses(typeof(Program).Assembly)
            .Select(use => (Folder(use.From), Folder(use.To)))
            .ToHashSet();

        ReadArrows().Where(arrow => !used.Contains(arrow)).Select(arrow => $"{arrow.From} → {arrow.To}").ShouldBeEmpty();
    }

    [Fact]
    public void Folders_have_no_cyclic_dependencies()
    {
        var arrows = ReadArrows().ToLookup(arrow => arrow.From, arrow => arrow.To);

        foreach (var start in arrows.Select(group => group.Key))
        {
            Reachable(start, arrows).ShouldNotContain(start, $"{start} is part of a cycle.");
        }
    }

    private static HashSet<string> Reachable(string start, ILookup<string, string> arrows)
    {
        var seen = new HashSet<string>();
        var open = new Queue<string>(arrows[start]);
        while (open.TryDequeue(out var folder))
        {
            if (seen.Add(folder))
            {
                foreach (var next in arrows[folder])
                {
                    open.Enqueue(next);
                }
            }
        }

        return seen;
    }

    /// <returns>The folder of the type below the project; null for types of the root, which may use everything, and of other assemblies.</returns>
    private static string? Folder(Type type) =>
        type.Namespace?.StartsWith(Root, StringComparison.Ordinal) == true
            ? type.Namespace[Root.Length..].Split('.')[0]
            : null;

    private static HashSet<(string From, string To)> ReadArrows()
    {
        var text = File.ReadAllText(Repository.PathOf("docs/architecture.md"));
        return ArrowLine().Matches(text)
            .SelectMany(line => line.Groups[2].Value.Split(',', StringSplitOptions.TrimEntries)
                .Select(to => (line.Groups[1].Value, to)))
            .ToHashSet();
    }

    [GeneratedRegex(@"^([A-Z]\w+) +→ +([\w, ]+)$", RegexOptions.Multiline)]
    private static partial Regex ArrowLine();
}
