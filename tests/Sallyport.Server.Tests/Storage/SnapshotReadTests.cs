using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Storage;

public sealed class SnapshotReadTests
{
    [Theory, Engines]
    public async Task All_statements_of_a_snapshot_see_the_same_state(Engine engine)
    {
        await using var shared = await TestDatabase.CreateAsync(engine);
        var database = shared.Open();
        await ExecuteAsync(database, "CREATE TABLE sample (id bigint NOT NULL)");
        await ExecuteAsync(database, "INSERT INTO sample VALUES (1)");

        var (first, second) = await database.ReadSnapshotAsync(
            async session =>
            {
                var before = await CountAsync(session);
                await ExecuteAsync(database, "INSERT INTO sample VALUES (2)");
                return (before, await CountAsync(session));
            },
            CancellationToken.None);

        (first, second).ShouldBe((1, 1));
        (await database.ReadAsync(session => CountAsync(session), CancellationToken.None)).ShouldBe(2, "The connection is used again.");
    }

    [Theory, Engines]
    public async Task A_snapshot_that_fails_leaves_its_connection_usable(Engine engine)
    {
        await using var shared = await TestDatabase.CreateAsync(engine);
        var database = shared.Open();
        await ExecuteAsync(database, "CREATE TABLE sample (id bigint NOT NULL)");

        await Should.ThrowAsync<InvalidOperationException>(async () => await database.ReadSnapshotAsync<long>(
            async session =>
            {
                await CountAsync(session);
                throw new InvalidOperationException();
            },
            CancellationToken.None));

        await ExecuteAsync(database, "INSERT INTO sample VALUES (1)");
        (await database.ReadSnapshotAsync(session => CountAsync(session), CancellationToken.None)).ShouldBe(1);
    }

    private static async Task ExecuteAsync(Database database, string statement) =>
        await database.WriteAsync(unit => unit.ExecuteAsync(new Statement(statement), CancellationToken.None), CancellationToken.None);

    private static async ValueTask<long> CountAsync(Session session) =>
        (await session.QueryAsync(new Statement("SELECT count(*) FROM sample"), row => row.GetInt64(0), CancellationToken.None))[0];
}
