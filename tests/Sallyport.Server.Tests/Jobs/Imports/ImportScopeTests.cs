using System.Net;
using System.Text;
using Sallyport.Server.Jobs.Imports;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Jobs.Imports;

/// <summary>An import can do no more than the single calls that it replaces: it needs their scopes.</summary>
public sealed class ImportScopeTests(Servers servers) : IClassFixture<Servers>
{
    private const string Factors = """ "mfa_factors":[{"phone":{"value":"+15551234567"} }] """;

    [Theory, Engines]
    public async Task An_upsert_needs_the_scope_to_update_users(Engine engine)
    {
        var scene = await JobScene.CreateAsync(await servers.GetAsync(engine));
        var before = await DatabaseDump.TakeAsync(scene.Server.Database);

        foreach (var scopes in new[] { "create:users", "create:users read:users create:authentication_methods", "create:users update:users_app_metadata" })
        {
            var answer = await scene.PostAsync(new ManagementApi(scene.Server, scopes), """[{"email":"x@example.com"}]""", ("upsert", "true"));

            answer.ShouldBeError(HttpStatusCode.Forbidden, "insufficient_scope");
            ((string)answer.Json!["message"]!).ShouldBe("Insufficient scope, expected any of: update:users");
        }

        (await DatabaseDump.TakeAsync(scene.Server.Database)).ShouldBe(before);
    }

    [Theory, Engines]
    public async Task An_upsert_with_factors_needs_the_scope_to_create_authentication_methods(Engine engine)
    {
        var scene = await JobScene.CreateAsync(await servers.GetAsync(engine));
        var management = new ManagementApi(scene.Server, "create:users update:users update:authentication_methods");
        var before = await DatabaseDump.TakeAsync(scene.Server.Database);

        foreach (var users in new[]
        {
            $$"""[{"email":"x@example.com",{{Factors}}}]""",
            $$"""[1,{"email":"y@example.com"},{"email":"x@example.com","user_metadata":{"mfa_factors":1},{{Factors}}}]""",
            """[{"email":"x@example.com","mfa_\u0066actors":[{"phone":{"value":"+15551234567"} }]}]""",
        })
        {
            var answer = await scene.PostAsync(management, users, ("upsert", "true"));

            answer.ShouldBeError(HttpStatusCode.Forbidden, "insufficient_scope");
            ((string)answer.Json!["message"]!).ShouldBe("Insufficient scope, expected any of: create:authentication_methods");
        }

        (await DatabaseDump.TakeAsync(scene.Server.Database)).ShouldBe(before);
    }

    [Theory, Engines]
    public async Task The_scopes_of_the_single_calls_are_enough(Engine engine)
    {
        var scene = await JobScene.CreateAsync(await servers.GetAsync(engine));

        await ShouldBeAcceptedAsync("create:users", $$"""[{"email":"x@example.com",{{Factors}}}]""", "false");
        await ShouldBeAcceptedAsync("create:users update:users", """[{"email":"x@example.com","user_metadata":{"mfa_factors":1} }]""", "true");
        await ShouldBeAcceptedAsync("create:users update:users create:authentication_methods", $$"""[{"email":"x@example.com",{{Factors}}}]""", "true");

        async Task ShouldBeAcceptedAsync(string scopes, string users, string upsert)
        {
            var created = (await scene.PostAsync(new ManagementApi(scene.Server, scopes), users, ("upsert", upsert))).ShouldBe(HttpStatusCode.Accepted);
            await scene.FinishedAsync((string)created["id"]!);
        }
    }

    [Theory, Engines]
    public async Task Without_upsert_an_existing_user_gets_no_factor(Engine engine)
    {
        var scene = await JobScene.CreateAsync(await servers.GetAsync(engine));
        var email = $"{scene.Connection}@example.com";
        await scene.ImportAsync($$"""[{"email":"{{email}}"}]""");

        var job = await scene.ImportAsync($$"""[{"email":"{{email}}",{{Factors}}}]""");

        job["summary"]!.ToJsonString().ShouldBe("""{"failed":1,"updated":0,"inserted":0,"total":1}""");
        (await scene.GetUserAsync(email))["multifactor"].ShouldBeNull();
    }

    [Theory]
    [InlineData("""[{"email":"x"}]""", false)]
    [InlineData("""[{"user_metadata":{"mfa_factors":[]}},["mfa_factors"],"mfa_factors"]""", false)]
    [InlineData("""[{"mfa_factors":null}]""", true)]
    [InlineData("""[{},{"a":{"b":[{}]},"mfa_factors":[]}]""", true)]
    [InlineData("""[{"\u006d\u0066\u0061_factors":[]}]""", true)]
    [InlineData("""[{"\ud800":1,"mfa_factors":[]}]""", true)]
    public void Factors_are_found_in_any_spelling(string json, bool expected) =>
        JsonArrayRecords.Read(Encoding.UTF8.GetBytes(json)).HasFactors.ShouldBe(expected);
}
