using System.Text.Json;
using Sallyport.Server.Search;
using Sallyport.Server.Storage;
using Sallyport.Server.Users;
using Sallyport.Server.Users.Search;

namespace Sallyport.Server.Tests.Users.Search;

public sealed class SearchValueTests
{
    [Theory]
    [InlineData("13", "13", true)]
    [InlineData("13.0", "13", true)]
    [InlineData("1.3e1", "13", true)]
    [InlineData("-0.0", "0", true)]
    [InlineData("0.1", "1e-1", true)]
    [InlineData("1e400", "1e401", false)]
    [InlineData("9007199254740993", "9007199254740992", false)]
    [InlineData("1e17", "100000000000000000", true)]
    [InlineData("13", "13 ", false)]
    [InlineData("13", "\"13\"", false)]
    [InlineData("\"13\"", "13", true)]
    [InlineData("\"13.0\"", "13", false)]
    [InlineData("true", "true", true)]
    [InlineData("\"true\"", "true", true)]
    [InlineData("true", "True", false)]
    [InlineData("\"Gold\"", "gold", false)]
    [InlineData("[1,[2,3]]", "3", true)]
    [InlineData("null", "null", false)]
    public void A_word_matches_the_metadata_values_it_equals(string json, string word, bool expected) =>
        MetadataTerms.Matching("app_metadata.x", word).Any(term => Has(App($$"""{"x":{{json}}}"""), term)).ShouldBe(expected);

    [Theory]
    [InlineData("""{"a":{"b":1}}""", "app_metadata.a.b", true)]
    [InlineData("""{"a":{"b":1}}""", "app_metadata.a", true)]
    [InlineData("""{"a":{"b":1}}""", "app_metadata", true)]
    [InlineData("""{"a":[{"b":null},{"b":[false]}]}""", "app_metadata.a.b", true)]
    [InlineData("""{"a":{"b":null,"c":[],"d":{},"e":[[],{}]}}""", "app_metadata", false)]
    [InlineData("""{"a":"b"}""", "app_metadata.b", false)]
    [InlineData("""{"a":1}""", "user_metadata.a", false)]
    public void A_path_exists_if_a_value_is_at_or_below_it(string json, string path, bool expected) =>
        Has(App(json), MetadataTerms.Exists(path)).ShouldBe(expected);

    [Fact]
    public void A_value_is_never_confused_with_a_path()
    {
        var user = App("""{"x":"y.z:1","x.y":"2","3:xa":"b"}""");

        Has(user, [.. MetadataTerms.Matching("app_metadata.x.y.z", "1")]).ShouldBeFalse();
        Has(user, [.. MetadataTerms.Matching("app_metadata.x", "1")]).ShouldBeFalse();
        Has(user, [.. MetadataTerms.Matching("app_metadata.x.y", "2")]).ShouldBeTrue();
    }

    [Fact]
    public void The_number_of_search_terms_of_a_user_is_limited()
    {
        var user = App($$"""{"x":[{{string.Join(',', Enumerable.Range(0, 5000))}}]}""");

        MetadataTerms.Of(user).Count.ShouldBe(MetadataTerms.MaxTerms);
        MetadataTerms.Of(App($$"""{"{{new string('k', 500)}}":[1,2,3],"a":1}""")).Count.ShouldBe(3);
    }

    [Theory]
    [InlineData("a", "b")]
    [InlineData("ab", "ac")]
    [InlineData("é", "ê")]
    [InlineData("\ud7ff", "\ue000")]
    [InlineData("\uffff", "\U00010000")]
    [InlineData("a\U0010ffff", "b")]
    [InlineData("\U0010ffff\U0010ffff", null)]
    [InlineData("", null)]
    public void A_prefix_ends_at_the_first_text_after_it_without_the_prefix(string prefix, string? end) => TextPrefix.End(prefix).ShouldBe(end);

    [Theory]
    [InlineData("2024", "2024-01-01T00:00:00.000Z", "2025-01-01T00:00:00.000Z")]
    [InlineData("2024-02", "2024-02-01T00:00:00.000Z", "2024-03-01T00:00:00.000Z")]
    [InlineData("2024-02-29", "2024-02-29T00:00:00.000Z", "2024-03-01T00:00:00.000Z")]
    [InlineData("2024-02-29T23", "2024-02-29T23:00:00.000Z", "2024-03-01T00:00:00.000Z")]
    [InlineData("2024-02-29T23:59Z", "2024-02-29T23:59:00.000Z", "2024-03-01T00:00:00.000Z")]
    [InlineData("2024-02-29T23:59:59", "2024-02-29T23:59:59.000Z", "2024-03-01T00:00:00.000Z")]
    [InlineData("2024-02-29T23:59:59.5+02:00", "2024-02-29T21:59:59.500Z", "2024-02-29T21:59:59.501Z")]
    [InlineData("2023-02-29", null, null)]
    [InlineData("24-02-29", null, null)]
    [InlineData("2024-2-9", null, null)]
    [InlineData("٢٠٢٤", null, null)]
    [InlineData("9999", null, null)]
    [InlineData("", null, null)]
    public void A_partial_date_is_a_time_span(string text, string? start, string? end)
    {
        InstantSpan.TryParse(text, out var span).ShouldBe(start is not null);

        if (start is not null)
        {
            span.Start.ShouldBe(DateTimeOffset.Parse(start, System.Globalization.CultureInfo.InvariantCulture).ToUnixTimeMilliseconds());
            span.End.ShouldBe(DateTimeOffset.Parse(end!, System.Globalization.CultureInfo.InvariantCulture).ToUnixTimeMilliseconds());
        }
    }

    [Fact]
    public void Many_rows_are_inserted_by_few_statements_with_few_different_texts()
    {
        var insert = new RowInsert("t", "a", "b");
        var rows = Enumerable.Range(0, 200).Select(i => new SqlValue[] { $"a{i}", (long)i }).ToList();

        var statements = insert.Of(rows).ToList();

        statements.Select(statement => statement.Parameters.Length / 2).ShouldBe([128, 64, 8]);
        statements.Select(statement => statement.Text).Distinct().Count().ShouldBe(3);
        statements.SelectMany(statement => statement.Parameters.Select(parameter => parameter.Value.Value.ToString()))
            .ShouldBe(Enumerable.Range(0, 200).SelectMany(i => new[] { $"a{i}", $"{i}" }));
        insert.Of([rows[0]]).Single().Text.ShouldBe("INSERT INTO t (a, b) VALUES (@a, @b)");
        insert.Of([]).ShouldBeEmpty();
    }

    private static bool Has(User user, params byte[][] terms) =>
        terms.Any(term => MetadataTerms.Of(user).Any(own => own.AsSpan().SequenceCompareTo(term) == 0));

    private static User App(string json)
    {
        using var document = JsonDocument.Parse(json);
        return new User { UserId = "auth0|x", AppMetadata = document.RootElement.Clone() };
    }
}
