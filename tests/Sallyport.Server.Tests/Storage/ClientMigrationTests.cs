using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Storage;

/// <summary>What clients, grants and users of before have become once they hang on APIs and connections.</summary>
public sealed class ClientMigrationTests
{
    private const int LastBefore = 16;

    [Theory, Engines]
    public async Task Grants_get_an_id_and_an_API_and_users_a_connection(Engine engine)
    {
        await using var shared = await TestDatabase.CreateAsync(engine);
        var database = shared.Open();
        await ApplyAsync(database, Migration.For(engine).Where(migration => migration.Version <= LastBefore));
        await RunAsync(
            database,
            "INSERT INTO tenant (tenant_id, settings, created_at, updated_at) VALUES ('default', '{}', 0, 0)",
            "INSERT INTO client (tenant_id, client_id, name, secret_hash, created_at) VALUES ('default', 'a', 'A', 'x', 0), ('default', 'b', 'B', 'x', 0)",
            "INSERT INTO client_grant (tenant_id, client_id, audience, scope) VALUES ('default', 'a', 'urn:1', 'r w'), ('default', 'b', 'urn:1', ''), ('default', 'b', 'urn:2', 'r')",
            """
            INSERT INTO "user" (tenant_id, user_id, connection, email_verified, created_at, updated_at)
            VALUES ('default', 'auth0|1', 'db', false, 0, 0), ('default', 'auth0|2', 'db', false, 0, 0), ('default', 'auth0|3', 'staff', false, 0, 0)
            """);

        await ApplyAsync(database, Migration.For(engine).Where(migration => migration.Version > LastBefore));

        (await ListAsync(database, "SELECT identifier FROM resource_server ORDER BY identifier")).ShouldBe(["urn:1", "urn:2"]);
        (await ListAsync(database, "SELECT client_id || ' ' || audience || ' ' || scope || ' ' || subject_type FROM client_grant ORDER BY client_id, audience"))
            .ShouldBe(["a urn:1 r w client", "b urn:1  client", "b urn:2 r client"]);
        (await ListAsync(database, "SELECT grant_id FROM client_grant")).ShouldAllBe(id => System.Text.RegularExpressions.Regex.IsMatch(id, "^cgr_[A-Za-z0-9]{16}$"));
        (await ListAsync(database, "SELECT name FROM connection ORDER BY name")).ShouldBe(["db", "staff"]);
        (await ListAsync(database, "SELECT connection_id FROM connection")).ShouldAllBe(id => System.Text.RegularExpressions.Regex.IsMatch(id, "^con_[A-Za-z0-9]{16}$"));
        await RunAsync(database, "DELETE FROM resource_server WHERE identifier = 'urn:1'");
        (await ListAsync(database, "SELECT audience FROM client_grant")).ShouldBe(["urn:2"]);
    }

    private static async Task ApplyAsync(Database database, IEnumerable<Migration> migrations)
    {
        foreach (var migration in migrations)
        {
            await RunAsync(database, [.. migration.Statements]);
        }
    }

    private static async Task RunAsync(Database database, params string[] texts) => await database.WriteAsync(
        unit =>
        {
            foreach (var text in texts)
            {
                unit.Enqueue(new Statement(text));
            }

            return ValueTask.CompletedTask;
        },
        CancellationToken.None);

    private static async Task<List<string>> ListAsync(Database database, string text) =>
        await database.QueryAsync(new Statement(text), row => row.GetString(0), CancellationToken.None);
}
