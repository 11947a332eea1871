using System.Text.RegularExpressions;

namespace Sallyport.Server.Tests.Architecture;

/// <summary>A comment that cites a section of a document cites one that exists.</summary>
public sealed partial class CitationTests
{
    private static readonly string[] Extensions = [".cs", ".js", ".cjs", ".css", ".liquid", ".sql", ".json", ".md", ".yml"];

    [Theory]
    [InlineData("(docs/wire.md §1.4)", "docs/wire.md §1.4")]
    [InlineData("docs/wire.md §1.4, §2.3 and §8", "docs/wire.md §1.4", "docs/wire.md §2.3", "docs/wire.md §8")]
    [InlineData("docs/management-api.md §C.7.", "docs/management-api.md §C.7")]
    [InlineData("RFC 6749 section 5.1, docs/architecture.md")]
    public void Citations_are_found_in_a_text(string text, params string[] expected) =>
        CitationsIn(text).ShouldBe(expected);

    [Fact]
    public void Every_cited_section_is_a_heading_of_its_document()
    {
        var citations = SourceFiles()
            .SelectMany(file => CitationsIn(File.ReadAllText(file)).Select(citation => (File: Path.GetRelativePath(Repository.Root, file), Citation: citation)))
            .ToList();

        citations.Where(cited => !Exists(cited.Citation)).ShouldBeEmpty();
    }

    private static IEnumerable<string> SourceFiles() =>
        new[] { "src", "tests", "docs", "bench" }
            .SelectMany(folder => Directory.EnumerateFiles(Repository.PathOf(folder), "*", SearchOption.AllDirectories))
            .Where(file => Extensions.Contains(Path.GetExtension(file)) && !GeneratedFolder().IsMatch(file) && !file.EndsWith($"{nameof(CitationTests)}.cs", StringComparison.Ordinal));

    private static IEnumerable<string> CitationsIn(string text) =>
        from citation in Citation().Matches(text)
        from section in citation.Groups["section"].Captures
        select $"{citation.Groups["document"].Value} §{section.Value}";

    private static bool Exists(string citation)
    {
        var (document, section) = citation.Split(" §") is [var path, var number] ? (Repository.PathOf(path), number) : default;
        return File.Exists(document)
            && File.ReadLines(document).Any(line => line.StartsWith('#') && line.TrimStart('#').TrimStart().Split(' ')[0].TrimEnd('.') == section);
    }

    [GeneratedRegex(@"(?<document>docs/[\w./-]+\.md)(?:(?: |, | and |\r?\n\s*/// )+§(?<section>[A-Z0-9]+(?:\.[0-9]+)*))+")]
    private static partial Regex Citation();

    [GeneratedRegex(@"[\\/](?:bin|obj|node_modules)[\\/]")]
    private static partial Regex GeneratedFolder();
}
