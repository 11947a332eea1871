using System.Diagnostics;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Durability;

/// <summary>A server is killed at random moments. What clients were told is still true after a restart, and no change is half done.</summary>
public sealed class KilledServerTests
{
    private const int Rounds = 20;
    private const int EnrollmentsInRound = 25;

    /// <summary>A slow machine runs fewer rounds; each round checks the same.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    /// <summary>A confirmation changes several rows in one transaction. Each statement lists the users for whom only some of them changed.</summary>
    private static readonly (string Fault, string Sql)[] PartialChanges =
    [
        ("A ticket is used and its authenticator is not confirmed", """
            SELECT t.user_id FROM ticket t
            WHERE t.used_at IS NOT NULL AND NOT EXISTS (
                SELECT 1 FROM "transaction" x
                JOIN authenticator a ON a.tenant_id = x.tenant_id AND a.transaction_id = x.transaction_id
                WHERE x.tenant_id = t.tenant_id AND x.origin_id = t.ticket_hash AND a.status = 'confirmed' AND a.factor = 'otp')
            """),
        ("An authenticator is confirmed and its ticket is not used", """
            SELECT a.user_id FROM authenticator a
            JOIN "transaction" x ON x.tenant_id = a.tenant_id AND x.transaction_id = a.transaction_id
            LEFT JOIN ticket t ON t.tenant_id = x.tenant_id AND t.ticket_hash = x.origin_id AND t.used_at IS NOT NULL
            WHERE a.status = 'confirmed' AND t.user_id IS NULL
            """),
        ("A transaction is accepted and its authenticator is not confirmed, or the other way round", """
            SELECT a.user_id FROM authenticator a
            JOIN "transaction" x ON x.tenant_id = a.tenant_id AND x.transaction_id = a.transaction_id
            WHERE (a.status = 'confirmed') <> (x.state = 'accepted')
            """),
        ("A confirmed authenticator has no last step, or a pending one has one", """
            SELECT a.user_id FROM authenticator a
            WHERE a.factor = 'otp' AND (a.status = 'confirmed') <> (a.data LIKE '%last_step%')
            """),
        ("The numbers of confirmed authenticators and of their log entries differ", """
            SELECT u.user_id FROM "user" u
            WHERE (SELECT count(*) FROM authenticator a WHERE a.tenant_id = u.tenant_id AND a.user_id = u.user_id
                    AND a.status = 'confirmed' AND a.factor = 'otp')
                <> (SELECT count(*) FROM log l WHERE l.tenant_id = u.tenant_id AND l.user_id = u.user_id
                    AND l.type = 'gd_enrollment_complete')
            """),
    ];

    [Theory, Engines]
    public async Task A_confirmed_enrollment_survives_a_kill_of_the_server(Engine engine)
    {
        await using var installation = await Installation.CreateAsync(engine);
        var confirmed = new List<Confirmed>();
        var watch = Stopwatch.StartNew();
        var rounds = 0;

        for (; rounds < Rounds && watch.Elapsed < Patience; rounds++)
        {
            using var server = await installation.StartAsync();
            await ShouldAllBeThereAsync(installation, confirmed.TakeLast(2 * EnrollmentsInRound));
            confirmed.AddRange(await EnrollUntilKilledAsync(installation, server));
        }

        rounds.ShouldBeGreaterThanOrEqualTo(3);
        confirmed.Count.ShouldBeGreaterThanOrEqualTo(rounds * EnrollmentsInRound);
        using var last = await installation.StartAsync();
        await ShouldAllBeThereAsync(installation, confirmed);
        await installation.ShouldBeSoundAsync();
    }

    private static async Task<IReadOnlyCollection<Confirmed>> EnrollUntilKilledAsync(Installation installation, ServerProcess server)
    {
        using var driver = new EnrollmentDriver(installation.Url);
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        var driving = driver.RunAsync(EnrollmentsInRound, reached);
        await reached.Task;
        await server.KillAsync();
        await driving;

        driver.Unexpected.ShouldBe(0);
        var log = server.Output + server.Errors;
        driver.Secrets.ShouldAllBe(secret => !log.Contains(secret));
        return driver.Confirmed;
    }

    private static async Task ShouldAllBeThereAsync(Installation installation, IEnumerable<Confirmed> confirmed)
    {
        using var driver = new EnrollmentDriver(installation.Url);
        var token = await driver.FetchTokenAsync();
        foreach (var (userId, authenticatorId) in confirmed)
        {
            (await driver.ListEnrollmentsAsync(token, userId)).Select(e => (string)e!["id"]!).ShouldBe([authenticatorId]);
        }

        await using var database = installation.OpenDatabase();
        foreach (var (fault, sql) in PartialChanges)
        {
            (await database.QueryAsync(new Statement(sql), row => row.GetString(0), CancellationToken.None)).ShouldBeEmpty(fault);
        }
    }
}
