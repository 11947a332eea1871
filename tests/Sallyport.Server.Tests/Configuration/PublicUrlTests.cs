using System.Net;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Configuration;

/// <summary>Issuers and audiences are built from the public URL, so all servers of one database need the same.</summary>
public sealed class PublicUrlTests
{
    private const string Old = "https://old.example.com";
    private const string New = "https://new.example.com";
    private const string Other = "https://other.example.com";

    private static readonly (string, string) MasterKey = ("Sallyport:Keys:Master", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=");

    [Theory, Engines]
    public async Task A_start_with_another_public_URL_is_refused_and_changes_nothing(Engine engine)
    {
        var data = await DataAsync(engine);
        await using var running = await StartAsync(engine, data, Old);

        var fault = await Should.ThrowAsync<PublicUrlException>(StartAsync(engine, data, New));

        fault.Message.ShouldStartWith($"Sallyport:PublicUrl: the database is used with {Old}, which is not {New}; ");
        fault.Message.ShouldEndWith($"--Sallyport:AcceptPublicUrlChangeFrom={Old}");
        await ShouldGiveTokensAsync(running, Old);
        await using var second = await StartAsync(engine, data, Old);
        await ShouldGiveTokensAsync(second, Old);
    }

    [Theory, Engines]
    public async Task A_confirmed_change_is_refused_while_another_server_is_running(Engine engine)
    {
        var data = await DataAsync(engine);
        var running = await StartAsync(engine, data, Old);

        var fault = await Should.ThrowAsync<PublicUrlException>(StartAsync(engine, data, New, acceptFrom: Old));

        fault.Message.ShouldBe($"Sallyport:PublicUrl: another server is running on this database with {Old}; stop it and start again");
        await ShouldGiveTokensAsync(running, Old);
        await running.StopAsync();
        await using var changed = await StartAsync(engine, data, New, acceptFrom: Old);
        await ShouldGiveTokensAsync(changed, New);
    }

    [Theory, Engines]
    public async Task A_confirmation_is_for_one_stored_URL_and_may_stay(Engine engine)
    {
        var data = await DataAsync(engine);
        await (await StartAsync(engine, data, Old)).StopAsync();

        await Should.ThrowAsync<PublicUrlException>(StartAsync(engine, data, New, acceptFrom: Other));
        await (await StartAsync(engine, data, New, acceptFrom: Old + "/")).StopAsync();

        await using var again = await StartAsync(engine, data, New, acceptFrom: Old);
        await Should.ThrowAsync<PublicUrlException>(StartAsync(engine, data, Old, acceptFrom: Old));
    }

    /// <returns>The settings of a data directory or database that several servers use.</returns>
    private static async Task<(string, string)[]> DataAsync(Engine engine) => engine == Engine.PostgreSql
        ? [MasterKey, ("ConnectionStrings:Sallyport", await PostgreSqlCluster.CreateDatabaseAsync())]
        : [MasterKey, ("Sallyport:DataDirectory", Directory.CreateTempSubdirectory("sallyport-url").FullName)];

    private static Task<TestServer> StartAsync(Engine engine, (string, string)[] data, string publicUrl, string acceptFrom = "") =>
        TestServer.StartAsync(engine, [.. data, ("Sallyport:PublicUrl", publicUrl), ("Sallyport:AcceptPublicUrlChangeFrom", acceptFrom)]);

    private static async Task ShouldGiveTokensAsync(TestServer server, string publicUrl)
    {
        using var response = await server.Http.PostAsync("/oauth/token", new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials",
            ["client_id"] = TestServer.ClientId,
            ["client_secret"] = TestServer.ClientSecret,
            ["audience"] = publicUrl + "/api/v2/",
        }));

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
    }
}
