using Sallyport.Server.Security;
using Sallyport.Server.Storage;
using Sallyport.Server.Tenants;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Security;

public sealed class KeyRingTests : IDisposable
{
    private static readonly MasterKeySource Configured =
        MasterKeySource.FromConfiguration([.. Enumerable.Range(0, MasterKey.Length).Select(n => (byte)n)]);

    private readonly string folder = Directory.CreateTempSubdirectory("sallyport-key").FullName;

    private string KeyFile => Path.Combine(folder, "master.key");

    [Theory, Engines]
    public async Task Nodes_that_start_together_share_one_ring_and_one_key_file(Engine engine)
    {
        await using var shared = await CreateAsync(engine);

        var rings = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(async () =>
        {
            var ring = NewRing(shared.Open(), MasterKeySource.FromFile(folder));
            await ring.StartAsync(CancellationToken.None);
            return ring;
        })));

        var ids = rings.Select(ring => string.Join(',', ring.Current.Keys.Select(key => $"{key.Id}:{Convert.ToHexString(key.Material)}")));
        ids.Distinct().ShouldHaveSingleItem();
        rings[0].Current.Keys.Count.ShouldBe(5);
        Directory.GetFiles(folder).ShouldBe([KeyFile]);
        foreach (var ring in rings)
        {
            ring.Dispose();
        }
    }

    [Theory, Engines]
    public async Task A_configured_key_that_does_not_open_the_ring_is_named(Engine engine)
    {
        await using var shared = await CreateAsync(engine);
        await StartAsync(shared.Open(), Configured);

        var fault = await FailToStartAsync(shared, MasterKeySource.FromConfiguration(new byte[MasterKey.Length]));

        fault.ShouldStartWith("This database was sealed with another key than Sallyport:Keys:Master");
    }

    [Theory, Engines]
    public async Task A_database_that_was_restored_without_its_key_file_names_the_missing_file_and_creates_none(Engine engine)
    {
        await using var shared = await CreateAsync(engine);
        await StartAsync(shared.Open(), MasterKeySource.FromFile(folder));
        File.Delete(KeyFile);

        var fault = await FailToStartAsync(shared, MasterKeySource.FromFile(folder));

        fault.ShouldStartWith($"This database was sealed with another key: the key file {KeyFile} is missing");
        Directory.GetFiles(folder).ShouldBeEmpty();
    }

    [Theory, Engines]
    public async Task A_database_with_the_key_file_of_another_names_the_file(Engine engine)
    {
        await using var shared = await CreateAsync(engine);
        await StartAsync(shared.Open(), Configured);
        await File.WriteAllTextAsync(KeyFile, Convert.ToBase64String(new byte[MasterKey.Length]), CancellationToken.None);
        var before = await DatabaseDump.TakeAsync(shared.Open());

        var fault = await FailToStartAsync(shared, MasterKeySource.FromFile(folder));

        fault.ShouldStartWith($"This database was sealed with another key than the one in {KeyFile}");
        (await DatabaseDump.TakeAsync(shared.Open())).ShouldBe(before);
    }

    [Theory, Engines]
    public async Task An_empty_key_file_is_filled_while_nothing_is_sealed_and_refused_afterwards(Engine engine)
    {
        await using var shared = await CreateAsync(engine);
        await File.WriteAllTextAsync(KeyFile, "\n", CancellationToken.None);

        await StartAsync(shared.Open(), MasterKeySource.FromFile(folder));
        var key = await File.ReadAllTextAsync(KeyFile, CancellationToken.None);
        await StartAsync(shared.Open(), MasterKeySource.FromFile(folder));
        await File.WriteAllTextAsync(KeyFile, "", CancellationToken.None);
        var fault = await FailToStartAsync(shared, MasterKeySource.FromFile(folder));

        Convert.FromBase64String(key).Length.ShouldBe(MasterKey.Length);
        fault.ShouldStartWith($"This database was sealed with another key: the key file {KeyFile} is empty");
    }

    [Theory, Engines]
    public async Task Keys_are_stored_sealed_and_certificates_are_stored_once(Engine engine)
    {
        await using var shared = await CreateAsync(engine);
        var database = shared.Open();
        using var ring = NewRing(database, Configured);
        await ring.StartAsync(CancellationToken.None);
        using var other = NewRing(shared.Open(), Configured);
        await other.StartAsync(CancellationToken.None);

        var dump = string.Join('\n', await DatabaseDump.TakeAsync(database));

        ring.Current.Keys.ShouldAllBe(key => !dump.Contains(Convert.ToHexString(key.Material)) && dump.Contains(key.Id));
        foreach (var key in ring.Current.Keys)
        {
            (key.Certificate is not null).ShouldBe(key.Purpose == KeyPurpose.Signing);
            other.Current.Keys.Single(same => same.Id == key.Id).Certificate.ShouldBe(key.Certificate);
        }
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private static KeyRing NewRing(Database database, MasterKeySource source) => new(database, source, new PooledRsaKeys(), TenantId.Default, new ManualClock());

    private static async Task StartAsync(Database database, MasterKeySource source)
    {
        using var ring = NewRing(database, source);
        await ring.StartAsync(CancellationToken.None);
    }

    /// <returns>The message, which must be one line.</returns>
    private static async Task<string> FailToStartAsync(TestDatabase shared, MasterKeySource source)
    {
        var fault = await Should.ThrowAsync<SchemaException>(() => StartAsync(shared.Open(), source));
        fault.Message.ShouldNotContain("\n");
        return fault.Message;
    }

    private static async Task<TestDatabase> CreateAsync(Engine engine)
    {
        var shared = await TestDatabase.CreateAsync(engine);
        var database = await shared.OpenMigratedAsync();
        await database.WriteAsync(
            unit => unit.ExecuteAsync(
                TenantStore.InsertIfMissing(TenantId.Default, new ManualClock().GetUtcNow()), CancellationToken.None),
            CancellationToken.None);
        return shared;
    }
}
