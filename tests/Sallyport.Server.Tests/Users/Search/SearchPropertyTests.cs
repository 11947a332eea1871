using System.Globalization;
using Sallyport.Protocols.UserQuery;
using Sallyport.Server.Search;
using Sallyport.Server.Storage;
using Sallyport.Server.Users.Search;

namespace Sallyport.Server.Tests.Users.Search;

/// <summary>
/// Random queries mean the same to an evaluation user by user, to SQLite and to PostgreSQL. <c>SALLYPORT_QUERY_TREES</c> is another number
/// of them.
/// </summary>
public sealed class SearchPropertyTests
{
    private const int Users = 100;
    private const int TreesInStatement = 10;

    private static readonly int Trees =
        int.Parse(Environment.GetEnvironmentVariable("SALLYPORT_QUERY_TREES") ?? "20000", CultureInfo.InvariantCulture);

    [Fact]
    public async Task A_query_finds_the_same_users_on_every_engine_as_in_memory()
    {
        var population = Population.Make(seed: 4, Users);
        var random = new RandomQueries(population, new SeededRandom(20_000));
        var queries = Enumerable.Range(0, Trees).Select(_ => Read(random.Next())).ToList();
        await using var sqlite = await population.StoreAsync(Engine.Sqlite);
        await using var postgreSql = await population.StoreAsync(Engine.PostgreSql);

        var evaluator = new QueryEvaluator(population);
        var expected = Task.Run(() => queries.ConvertAll(evaluator.Find));
        var found = await Task.WhenAll(
            Task.Run(() => FindAsync(sqlite.Open(), queries)), Task.Run(() => FindAsync(postgreSql.Open(), queries)));

        for (var i = 0; i < queries.Count; i++)
        {
            found[0][i].ShouldBe((await expected)[i], $"SQLite: {queries[i]}");
            found[1][i].ShouldBe((await expected)[i], $"PostgreSQL: {queries[i]}");
        }

        // Otherwise nothing has been compared.
        (await expected).Count(ids => ids.Count is > 0 and < Users).ShouldBeGreaterThan(Trees / 3);
    }

    /// <summary>What a caller would have to write for the tree, as the server reads it.</summary>
    private static QueryNode Read(QueryNode tree)
    {
        QueryParser.TryParse(tree.ToString()!, QueryLimits.Default, out var node, out var error).ShouldBeTrue($"{tree}: {error}");
        node!.ToString().ShouldBe(tree.ToString());
        return node;
    }

    private static async Task<List<IReadOnlyList<string>>> FindAsync(Database database, List<QueryNode> queries)
    {
        var found = new List<IReadOnlyList<string>>();
        await database.ReadWithinAsync<object?>(
            TimeSpan.FromMinutes(10),
            async session =>
            {
                foreach (var some in queries.Chunk(TreesInStatement))
                {
                    var rows = await session.QueryAsync(Together(session.Engine, some), row => (Tree: row.GetInt32(0), Id: row.GetString(1)), default);
                    var byTree = rows.ToLookup(row => row.Tree, row => row.Id);
                    found.AddRange(some.Select((_, i) => (IReadOnlyList<string>)[.. byTree[i].Order(StringComparer.Ordinal)]));
                }

                return null;
            },
            CancellationToken.None);
        return found;
    }

    private static Statement Together(Engine engine, QueryNode[] queries)
    {
        var query = new SearchQuery(engine, TenantId.Default);
        var selects = queries.Select((node, i) => $"SELECT {i}, u.user_id FROM \"user\" u WHERE u.tenant_id = @tenant_id AND {new SearchCondition(query).Of(node)}");
        return query.ToStatement(string.Join(" UNION ALL ", selects));
    }
}
