using Sallyport.Server.Storage;
using Sallyport.Server.Storage.Sqlite;

namespace Sallyport.Server.Tests.Storage.Sqlite;

public sealed class SqliteCheckpointerTests : IDisposable
{
    private const int Megabyte = 1024 * 1024;

    private readonly string folder = Directory.CreateTempSubdirectory("sallyport-checkpoint").FullName;

    [Fact]
    public async Task The_WAL_is_restarted_under_constant_writes()
    {
        const int Units = 20_000;
        var file = Path.Combine(folder, "test.db");
        await using var database = new SqliteDatabase(file);
        await database.WriteAsync(
            async unit => await unit.ExecuteAsync(new Statement("CREATE TABLE page (content blob)"), CancellationToken.None),
            CancellationToken.None);
        var content = new byte[4000];

        await Parallel.ForAsync(0, Units, new ParallelOptions { MaxDegreeOfParallelism = 200 }, async (_, cancellationToken) =>
            await database.WriteAsync(
                async unit => await unit.ExecuteAsync(new Statement("INSERT INTO page VALUES (@content)", ("content", content)), cancellationToken),
                cancellationToken));

        var rows = await database.ReadAsync(
            session => session.QueryAsync(new Statement("SELECT count(*) FROM page"), row => row.GetInt64(0), CancellationToken.None),
            CancellationToken.None);
        rows.ShouldBe([Units]);
        new FileInfo(file).Length.ShouldBeGreaterThan(40 * Megabyte);
        new FileInfo(file + "-wal").Length.ShouldBeLessThan(40 * Megabyte);
    }

    /// <summary>Before SQLite 3.51.3, two checkpoints in a row could collide with a commit that restarts the WAL, and lose pages.</summary>
    [Fact]
    public async Task The_SQLite_version_can_checkpoint_during_writes_without_loss()
    {
        await using var database = new SqliteDatabase(Path.Combine(folder, "version.db"));

        var version = await database.QueryAsync(new Statement("SELECT sqlite_version()"), row => row.GetString(0), CancellationToken.None);

        Version.Parse(version[0]).ShouldBeGreaterThanOrEqualTo(new Version(3, 51, 3));
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);
}
