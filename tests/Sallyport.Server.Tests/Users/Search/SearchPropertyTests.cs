using System.Globalization;
using CsCheck;
using Sallyport.Protocols.Tests;
using Sallyport.Protocols.UserQuery;
using Sallyport.Server.Search;
using Sallyport.Server.Storage;
using Sallyport.Server.Users.Search;

namespace Sallyport.Server.Tests.Users.Search;

/// <summary>
/// A generated query finds the same users evaluated in memory, on SQLite and on PostgreSQL. <c>SALLYPORT_QUERY_TREES</c> sets how many are tried.
/// </summary>
public sealed class SearchPropertyTests
{
    private const int Users = 100;
    private const int TreesInStatement = 19;
    private const int AverageTrees = 10;

    private static readonly int Trees =
        int.Parse(Environment.GetEnvironmentVariable("SALLYPORT_QUERY_TREES") ?? "20000", CultureInfo.InvariantCulture);

    [Fact]
    public async Task A_query_finds_the_same_users_on_every_engine_as_in_memory()
    {
        var population = Population.Make(seed: 4, Users);
        await using var sqlite = await population.StoreAsync(Engine.Sqlite);
        await using var postgreSql = await population.StoreAsync(Engine.PostgreSql);
        var databases = new[] { sqlite.Open(), postgreSql.Open() };
        var evaluator = new QueryEvaluator(population);
        var selective = 0;

        await Choices.Gen(random => Read(new RandomQueries(population, random).Next())).Array[1, TreesInStatement].SampleAsync(
            async queries =>
            {
                var expected = Array.ConvertAll(queries, evaluator.Find);
                var found = await Task.WhenAll(databases.Select(database => FindAsync(database, queries)));

                found[0].ShouldBe(expected, "SQLite");
                found[1].ShouldBe(expected, "PostgreSQL");
                Interlocked.Add(ref selective, expected.Count(ids => ids.Count is > 0 and < Users));
            },
            iter: Trees / AverageTrees,
            print: queries => string.Join('\n', queries.AsEnumerable()));

        // A query that finds all or none of the users proves little.
        selective.ShouldBeGreaterThan(Trees / 4);
    }

    /// <summary>Writes the tree as a query and parses it, as the server does.</summary>
    private static QueryNode Read(QueryNode tree)
    {
        QueryParser.TryParse(tree.ToString()!, QueryLimits.Default, out var node, out var error).ShouldBeTrue($"{tree}: {error}");
        node!.ToString().ShouldBe(tree.ToString());
        return node;
    }

    private static async Task<IReadOnlyList<string>[]> FindAsync(Database database, QueryNode[] queries)
    {
        var rows = await database.QueryAsync(
            Together(database.Engine, queries), row => (Tree: row.GetInt32(0), Id: row.GetString(1)), CancellationToken.None);
        var byTree = rows.ToLookup(row => row.Tree, row => row.Id);
        return [.. queries.Select((_, i) => (IReadOnlyList<string>)[.. byTree[i].Order(StringComparer.Ordinal)])];
    }

    private static Statement Together(Engine engine, QueryNode[] queries)
    {
        var query = new SearchQuery(engine, TenantId.Default);
        var selects = queries.Select((node, i) => $"SELECT {i}, u.user_id FROM \"user\" u WHERE u.tenant_id = @tenant_id AND {new SearchCondition(query).Of(node)}");
        return query.ToStatement(string.Join(" UNION ALL ", selects));
    }
}
