using Sallyport.Server.Http.Paging;
using System.Globalization;
using Sallyport.Protocols.UserQuery;
using Sallyport.Server.Audit;
using Sallyport.Server.Search;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;
using Sallyport.Server.Tests.Users.Search;

namespace Sallyport.Server.Tests.Audit;

/// <summary>
/// Random queries of the log mean the same to an evaluation entry by entry, to SQLite and to PostgreSQL. <c>SALLYPORT_LOG_TREES</c> is
/// another number of them.
/// </summary>
public sealed class LogSearchPropertyTests
{
    private const int Entries = 150;

    private static readonly int Trees =
        int.Parse(Environment.GetEnvironmentVariable("SALLYPORT_LOG_TREES") ?? "500", CultureInfo.InvariantCulture);

    [Fact]
    public async Task A_query_finds_the_same_entries_on_every_engine_as_in_memory()
    {
        var crowd = LogCrowd.Make(seed: 4, Entries);
        var random = new LogRandomQueries(crowd, new SeededRandom(500));
        var queries = Enumerable.Range(0, Trees).Select(_ => Read(random.Next())).ToList();
        await using var sqlite = await crowd.StoreAsync(Engine.Sqlite);
        await using var postgreSql = await crowd.StoreAsync(Engine.PostgreSql);

        var expected = queries.ConvertAll(new LogQueryEvaluator(crowd).Find);
        var found = await Task.WhenAll(FindAsync(sqlite, queries), FindAsync(postgreSql, queries));

        for (var i = 0; i < queries.Count; i++)
        {
            found[0][i].ShouldBe(expected[i], $"SQLite: {queries[i]}");
            found[1][i].ShouldBe(expected[i], $"PostgreSQL: {queries[i]}");
        }

        // Otherwise nothing has been compared.
        expected.Count(ids => ids.Count is > 0 and < Entries).ShouldBeGreaterThan(Trees / 3);
    }

    /// <summary>What a caller would have to write for the tree, as the server reads it.</summary>
    private static QueryNode Read(QueryNode tree)
    {
        QueryParser.TryParse(tree.ToString()!, QueryLimits.Default, out var node, out var error).ShouldBeTrue($"{tree}: {error}");
        return node!;
    }

    private static async Task<List<IReadOnlyList<string>>> FindAsync(TestDatabase shared, List<QueryNode> queries)
    {
        var database = shared.Open();
        var found = new List<IReadOnlyList<string>>();
        foreach (var node in queries)
        {
            var listing = new LogListing(new Page(0, 1000, IncludeTotals: false), LogFields.ByDate) { Query = node };
            var query = new SearchQuery(database.Engine, TenantId.Default);
            var page = LogStore.Page(listing, query, LogStore.Where(listing, query, LogCrowd.Hostname));
            found.Add([.. (await database.QueryAsync(page, LogStore.Read, CancellationToken.None)).Select(entry => entry.LogId)]);
        }

        return found;
    }
}
