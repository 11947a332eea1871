using System.Net;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Audit;

public sealed class LogSearchTimeoutTests
{
    [Theory, Engines]
    public async Task A_search_of_the_log_that_takes_too_long_is_refused(Engine engine)
    {
        await using var server = await StartAsync(engine);
        var management = new ManagementApi(server);
        await management.GetAsync("/logs?per_page=1");

        var answer = await server.WithLockAsync("log", () => management.SendAsync(
            HttpMethod.Get, "/logs?per_page=1&include_totals=true&sort=user_name:1&q=type:sapi"));

        answer.Status.ShouldBe(HttpStatusCode.ServiceUnavailable);
        answer.ErrorCode.ShouldBe("service_unavailable");
        ((string)answer.Json!["message"]!).ShouldContain("2 seconds");
        (await management.GetAsync("/logs?per_page=1&q=type:none")).AsArray().ShouldBeEmpty();
    }

    [Fact]
    public async Task Paging_by_checkpoint_has_the_same_time_limit()
    {
        await using var server = await TestServer.StartAsync(Engine.PostgreSql);
        var management = new ManagementApi(server);
        await management.GetAsync("/logs?per_page=1");

        var answer = await server.WithLockAsync("log", () => management.SendAsync(HttpMethod.Get, "/logs?take=5"));

        answer.ShouldBeError(HttpStatusCode.ServiceUnavailable, "service_unavailable");
        (await management.GetAsync("/logs?take=5")).AsArray().ShouldBeEmpty();
    }

    /// <summary>Adds many entries of a user with a long name, so that sorting by the name is slow.</summary>
    private static async Task<TestServer> StartAsync(Engine engine)
    {
        var server = await TestServer.StartAsync(engine);
        var userId = await new ManagementApi(server).CreateUserAsync();
        await server.Database.WriteAsync(
            async unit =>
            {
                await unit.ExecuteAsync(
                    new Statement("UPDATE \"user\" SET email = NULL, name = @name WHERE user_id = @user_id", ("name", new string('a', 2_000_000)), ("user_id", userId)),
                    CancellationToken.None);
                await unit.ExecuteAsync(
                    new Statement(
                        """
                        INSERT INTO log (tenant_id, log_id, date, type, user_id)
                        WITH RECURSIVE n(i) AS (SELECT CAST(1 AS bigint) UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
                        SELECT @tenant_id, CAST(i AS text), 0, 'sapi', @user_id FROM n
                        """,
                        ("tenant_id", TenantId.Default.Value),
                        ("user_id", userId)),
                    CancellationToken.None);
            },
            CancellationToken.None);
        return server;
    }
}
