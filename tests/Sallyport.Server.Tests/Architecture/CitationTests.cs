using System.Globalization;
using System.Text.RegularExpressions;

namespace Sallyport.Server.Tests.Architecture;

/// <summary>Documents, sections and decisions that are cited exist.</summary>
public sealed partial class CitationTests
{
    private static readonly string[] Extensions = [".cs", ".razor", ".js", ".cjs", ".css", ".liquid", ".sql", ".json", ".md", ".yml"];

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

        citations.Count.ShouldBeGreaterThan(40, "The test has found no citations.");
        citations.Where(cited => !Exists(cited.Citation)).ShouldBeEmpty();
    }

    [Fact]
    public void Every_mentioned_document_and_decision_exists()
    {
        var decisions = Directory.EnumerateFiles(Repository.PathOf("docs/adr")).Select(file => int.Parse(Path.GetFileName(file)[..4], CultureInfo.InvariantCulture)).ToHashSet();
        var texts = SourceFiles().Select(file => (File: Path.GetRelativePath(Repository.Root, file), Text: File.ReadAllText(file))).ToList();

        texts.SelectMany(text => Document().Matches(text.Text).Select(match => (text.File, match.Value)))
            .Where(mention => !File.Exists(Repository.PathOf(mention.Value)))
            .ShouldBeEmpty();
        texts.SelectMany(text => Decision().Matches(text.Text).Select(match => (text.File, Number: int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture))))
            .Where(mention => !decisions.Contains(mention.Number))
            .ShouldBeEmpty();
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

    [GeneratedRegex(@"\bdocs/[\w-]+(?:/[\w-]+)*\.(?:md|json)\b")]
    private static partial Regex Document();

    [GeneratedRegex(@"\bADR ([0-9]+)\b")]
    private static partial Regex Decision();

    [GeneratedRegex(@"[\\/](?:bin|obj|node_modules)[\\/]")]
    private static partial Regex GeneratedFolder();
}
