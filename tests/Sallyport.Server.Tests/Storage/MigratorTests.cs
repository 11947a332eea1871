using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Storage;

public sealed class MigratorTests
{
    [Theory, Engines]
    public async Task Sixteen_nodes_that_start_together_migrate_once(Engine engine)
    {
        await using var shared = await TestDatabase.CreateAsync(engine);

        var databases = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(async () =>
        {
            var database = shared.Open();
            await new Migrator(database, new ManualClock()).MigrateAsync(CancellationToken.None);
            return database;
        })));

        var applied = await databases[0].QueryAsync(
            new Statement("SELECT name FROM schema_migration ORDER BY version"), row => row.GetString(0), CancellationToken.None);
        applied.ShouldBe(Migration.For(engine).Select(migration => migration.Name));
        applied.ShouldNotBeEmpty();
        foreach (var database in databases)
        {
            (await new Migrator(database, new ManualClock()).IsCurrentAsync(CancellationToken.None)).ShouldBeTrue();
        }
    }

    [Theory, Engines]
    public async Task A_migration_that_was_applied_with_another_content_is_refused_in_one_line(Engine engine)
    {
        await using var shared = await TestDatabase.CreateAsync(engine);
        var database = shared.Open();
        var migrator = new Migrator(database, new ManualClock());
        await migrator.MigrateAsync(CancellationToken.None);
        await RunAsync(database, "UPDATE schema_migration SET checksum = 'altered' WHERE version = 1");

        var fault = await Should.ThrowAsync<SchemaException>(() => migrator.MigrateAsync(CancellationToken.None));

        fault.Message.ShouldContain("0001_baseline");
        fault.Message.ShouldNotContain("\n");
    }

    [Theory, Engines]
    public async Task A_newer_schema_is_refused_in_one_line(Engine engine)
    {
        await using var shared = await TestDatabase.CreateAsync(engine);
        var database = shared.Open();
        var migrator = new Migrator(database, new ManualClock());
        await migrator.MigrateAsync(CancellationToken.None);
        await RunAsync(
            database, "INSERT INTO schema_migration (version, name, checksum, applied_at) VALUES (9999, '9999_future.sql', 'x', 0)");

        var fault = await Should.ThrowAsync<SchemaException>(() => migrator.MigrateAsync(CancellationToken.None));

        fault.Message.ShouldContain("9999_future.sql");
        fault.Message.ShouldContain("run a newer version");
        fault.Message.ShouldNotContain("\n");
        (await migrator.IsCurrentAsync(CancellationToken.None)).ShouldBeFalse();
        (await migrator.CanServeAsync(CancellationToken.None)).ShouldBeTrue("A node that runs already serves until it is replaced.");
    }

    [Theory, Engines]
    public async Task Migrating_again_changes_nothing(Engine engine)
    {
        await using var shared = await TestDatabase.CreateAsync(engine);
        var database = shared.Open();
        await new Migrator(database, new ManualClock()).MigrateAsync(CancellationToken.None);
        var before = await DatabaseDump.TakeAsync(database);

        await new Migrator(database, new ManualClock()).MigrateAsync(CancellationToken.None);

        before.ShouldNotBeEmpty();
        (await DatabaseDump.TakeAsync(database)).ShouldBe(before);
    }

    private static ValueTask<int> RunAsync(Database database, string text) =>
        database.WriteAsync(unit => unit.ExecuteAsync(new Statement(text), CancellationToken.None), CancellationToken.None);
}
