using Sallyport.Server.Security;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Security;

public sealed class KeyRingTests
{
    private static readonly MasterKey Master = new(Enumerable.Range(0, MasterKey.Length).Select(n => (byte)n).ToArray());

    [Theory, Engines]
    public async Task Nodes_that_start_together_have_one_ring(Engine engine)
    {
        await using var shared = await CreateAsync(engine);

        var rings = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            var ring = new KeyRing(shared.Open(), Master, new ManualClock());
            await ring.StartAsync(CancellationToken.None);
            return ring;
        })));

        var ids = rings.Select(ring => string.Join(',', ring.Current.Keys.Select(key => $"{key.Id}:{Convert.ToHexString(key.Material)}")));
        ids.Distinct().ShouldHaveSingleItem();
        rings[0].Current.Keys.Count.ShouldBe(5);
        foreach (var ring in rings)
        {
            ring.Dispose();
        }
    }

    [Theory, Engines]
    public async Task Another_master_key_is_refused_in_one_line(Engine engine)
    {
        await using var shared = await CreateAsync(engine);
        using var ring = new KeyRing(shared.Open(), Master, new ManualClock());
        await ring.StartAsync(CancellationToken.None);
        using var other = new KeyRing(shared.Open(), new MasterKey(new byte[MasterKey.Length]), new ManualClock());

        var fault = await Should.ThrowAsync<SchemaException>(() => other.StartAsync(CancellationToken.None));

        fault.Message.ShouldStartWith("Sallyport:Keys:Master ");
        fault.Message.ShouldNotContain("\n");
    }

    [Theory, Engines]
    public async Task Keys_lie_sealed_in_the_database(Engine engine)
    {
        await using var shared = await CreateAsync(engine);
        var database = shared.Open();
        using var ring = new KeyRing(database, Master, new ManualClock());
        await ring.StartAsync(CancellationToken.None);

        var dump = string.Join('\n', await DatabaseDump.TakeAsync(database));

        ring.Current.Keys.ShouldAllBe(key => !dump.Contains(Convert.ToHexString(key.Material)) && dump.Contains(key.Id));
    }

    private static async Task<TestDatabase> CreateAsync(Engine engine)
    {
        var shared = await TestDatabase.CreateAsync(engine);
        var database = shared.Open();
        await new Migrator(database, new ManualClock()).MigrateAsync(CancellationToken.None);
        await database.WriteAsync(
            unit => unit.ExecuteAsync(
                Sallyport.Server.Tenants.TenantStore.InsertIfMissing(TenantId.Default, new ManualClock().GetUtcNow()),
                CancellationToken.None),
            CancellationToken.None);
        return shared;
    }
}
