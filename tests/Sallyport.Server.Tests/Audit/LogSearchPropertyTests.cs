using System.Globalization;
using CsCheck;
using Sallyport.Protocols.Tests;
using Sallyport.Protocols.UserQuery;
using Sallyport.Server.Audit;
using Sallyport.Server.Http.Paging;
using Sallyport.Server.Search;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Tests.Audit;

/// <summary>
/// A generated query of the log finds the same entries evaluated in memory, on SQLite and on PostgreSQL. <c>SALLYPORT_LOG_TREES</c> sets how
/// many are tried.
/// </summary>
public sealed class LogSearchPropertyTests
{
    private const int Entries = 150;

    private static readonly int Trees =
        int.Parse(Environment.GetEnvironmentVariable("SALLYPORT_LOG_TREES") ?? "500", CultureInfo.InvariantCulture);

    [Fact]
    public async Task A_query_finds_the_same_entries_on_every_engine_as_in_memory()
    {
        var population = LogPopulation.Make(seed: 4, Entries);
        await using var sqlite = await population.StoreAsync(Engine.Sqlite);
        await using var postgreSql = await population.StoreAsync(Engine.PostgreSql);
        var databases = new[] { sqlite.Open(), postgreSql.Open() };
        var evaluator = new LogQueryEvaluator(population);
        var selective = 0;

        await Choices.Gen(random => Read(new LogRandomQueries(population, random).Next())).SampleAsync(
            async query =>
            {
                var expected = evaluator.Find(query);
                var found = await Task.WhenAll(databases.Select(database => FindAsync(database, query)));

                found[0].ShouldBe(expected, "SQLite");
                found[1].ShouldBe(expected, "PostgreSQL");
                Interlocked.Add(ref selective, expected.Count is > 0 and < Entries ? 1 : 0);
            },
            iter: Trees);

        // A query that finds all or none of the entries proves little.
        selective.ShouldBeGreaterThan(Trees / 4);
    }

    /// <summary>Writes the tree as a query and parses it, as the server does.</summary>
    private static QueryNode Read(QueryNode tree)
    {
        QueryParser.TryParse(tree.ToString()!, QueryLimits.Default, out var node, out var error).ShouldBeTrue($"{tree}: {error}");
        return node!;
    }

    private static async Task<IReadOnlyList<string>> FindAsync(Database database, QueryNode node)
    {
        var listing = new LogListing(new Page(0, 1000, IncludeTotals: false), LogFields.ByDate) { Query = node };
        var query = new SearchQuery(database.Engine, TenantId.Default);
        var page = LogStore.Page(listing, query, LogStore.Where(listing, query, LogPopulation.Hostname));
        return [.. (await database.QueryAsync(page, LogStore.Read, CancellationToken.None)).Select(entry => entry.LogId)];
    }
}
