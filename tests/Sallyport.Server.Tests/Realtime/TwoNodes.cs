using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Realtime;

/// <summary>Two nodes on one PostgreSQL database, as behind a load balancer.</summary>
internal sealed class TwoNodes : IAsyncDisposable
{
    public const string PublicUrl = "http://sallyport.test";
    public const string MasterKey = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

    private TwoNodes(string connectionString, TestServer one, TestServer other)
    {
        ConnectionString = connectionString;
        One = one;
        Other = other;
    }

    public string ConnectionString { get; }

    public TestServer One { get; }

    public TestServer Other { get; }

    public static async Task<TwoNodes> StartAsync(params (string Key, string Value)[] settings)
    {
        var connectionString = await PostgreSqlCluster.CreateDatabaseAsync();
        var one = await StartNodeAsync(connectionString, settings);
        var other = await StartNodeAsync(connectionString, settings);
        other.Clock.Run();
        return new TwoNodes(connectionString, one, other);
    }

    public async ValueTask DisposeAsync()
    {
        await One.DisposeAsync();
        await Other.DisposeAsync();
    }

    private static Task<TestServer> StartNodeAsync(string connectionString, (string Key, string Value)[] settings) =>
        TestServer.StartAsync(
            Engine.PostgreSql,
            [
                ("ConnectionStrings:Sallyport", connectionString), ("Sallyport:PublicUrl", PublicUrl), ("Sallyport:Keys:Master", MasterKey),
                .. settings,
            ]);
}
