using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;
using Sallyport.Server.Users.Search;

namespace Sallyport.Server.Tests.Users.Search;

public sealed class SearchBackfillTests
{
    private const int Count = 250;

    [Theory, Engines]
    public async Task Users_of_an_older_version_are_found_after_the_next_start(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var management = new ManagementApi(server);
        await server.Database.WriteAsync(unit => unit.ExecuteAsync(Old(), CancellationToken.None), CancellationToken.None);
        (await FindAsync(management)).ShouldBe(0);
        var backfill = server.Services.GetServices<IHostedService>().OfType<SearchBackfill>().Single();

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => backfill.FillAsync(CancellationToken.None)));

        (await FindAsync(management)).ShouldBe(Count);
        var user = await management.GetAsync("/users/auth0%7C7");
        ((string)user["updated_at"]!).ShouldBe("1970-01-01T00:00:00.005Z");
        (await management.GetAsync("/users?q=name:someb*&per_page=100&page=2")).AsArray().Count.ShouldBe(Count - 200);
    }

    private static async Task<int> FindAsync(ManagementApi management)
    {
        var page = await management.GetAsync("/users?per_page=1&include_totals=true&q=name:SOMEBODY AND app_metadata.plan:gold AND email.domain:example.com");
        return (int)page["total"]!;
    }

    /// <summary>The columns that the first version had.</summary>
    private static Statement Old() => new($$"""
        INSERT INTO "user" (tenant_id, user_id, connection, email, email_verified, name, app_metadata, created_at, updated_at)
        WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < {{Count - 1}})
        SELECT 'default', 'auth0|' || i, 'c', i || @domain, false, 'Somebody', '{"plan":"gold"}', 5, 5 FROM n
        """,
        ("domain", "@example.com"));
}
