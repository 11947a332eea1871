using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Sallyport.Server.Connections;
using Sallyport.Server.Security;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Connections;

public sealed class ConnectionTests(Servers servers) : IClassFixture<Servers>
{
    private const string Path = "/connections";
    private const int Competitors = 16;

    [Theory, Engines]
    public async Task A_new_installation_has_a_connection_for_its_first_users(Engine engine)
    {
        var management = new ManagementApi(await servers.GetAsync(engine));

        var connection = (await management.GetAsync(Path + "?name=Username-Password-Authentication")).AsArray().ShouldHaveSingleItem();

        ((string)connection!["strategy"]!).ShouldBe("auth0");
        connection["realms"].Texts().ShouldBe(["Username-Password-Authentication"]);
        ((string)connection["id"]!).ShouldMatch("^con_[A-Za-z0-9]{16}$");
    }

    [Theory, Engines]
    public async Task A_connection_is_created_changed_and_read(Engine engine)
    {
        var management = new ManagementApi(await servers.GetAsync(engine));
        var name = "people-" + engine;

        var created = (await management.SendAsync(HttpMethod.Post, Path, new { name, strategy = "auth0", options = new { mfa = new { active = true } }, enabled_clients = new[] { "a" } }))
            .ShouldBe(HttpStatusCode.Created);
        var id = (string)created["id"]!;
        var patched = (await management.SendAsync(HttpMethod.Patch, $"{Path}/{id}", new { options = new { brute_force_protection = true }, metadata = new { team = "red" } }))
            .ShouldBe(HttpStatusCode.OK);

        patched["options"].Names().ShouldBe(
            ["authentication_methods", "brute_force_protection", "disable_self_service_change_password", "passkey_options"],
            "A PATCH replaces all options but these two objects");
        patched["enabled_clients"].Texts().ShouldBe(["a"]);
        (await management.GetAsync($"{Path}/{id}")).ToJsonString().ShouldBe(patched.ToJsonString());
        (await management.SendAsync(HttpMethod.Patch, $"{Path}/{id}", new { name = "other-name" })).ShouldBeError(HttpStatusCode.BadRequest, "invalid_body");
        (await management.SendAsync(HttpMethod.Get, Path + "/con_0000000000000000")).ShouldBeError(HttpStatusCode.NotFound, "inexistent_connection");
    }

    [Theory, Engines]
    public async Task Clients_are_enabled_and_disabled_individually(Engine engine)
    {
        var management = new ManagementApi(await servers.GetAsync(engine));
        var id = await CreateAsync(management, "switched-" + engine);

        (await management.SendAsync(HttpMethod.Patch, $"{Path}/{id}/clients", new[] { new { client_id = "a", status = true }, new { client_id = "b", status = true } })).Status
            .ShouldBe(HttpStatusCode.NoContent);
        (await management.SendAsync(HttpMethod.Patch, $"{Path}/{id}/clients", new[] { new { client_id = "a", status = false }, new { client_id = "b", status = true } })).Status
            .ShouldBe(HttpStatusCode.NoContent);

        (await management.GetAsync($"{Path}/{id}/clients")).ToJsonString().ShouldBe("""{"clients":[{"client_id":"b"}]}""");
        foreach (var bad in new object[] { Array.Empty<object>(), new { client_id = "a", status = true }, new[] { new { client_id = "a" } }, new[] { 1 } })
        {
            (await management.SendAsync(HttpMethod.Patch, $"{Path}/{id}/clients", bad)).ShouldBeError(HttpStatusCode.BadRequest, "invalid_body");
        }
    }

    [Theory, Engines]
    public async Task Lists_can_be_filtered_by_strategy_and_have_both_shapes(Engine engine)
    {
        var management = new ManagementApi(await servers.GetAsync(engine));
        (await management.SendAsync(HttpMethod.Post, Path, new { name = "codes", strategy = "sms" })).ShouldBe(HttpStatusCode.Created);

        var listed = (await management.GetAsync(Path + "?strategy=sms")).AsArray();
        listed.Select(connection => (string)connection!["name"]!).ShouldContain("codes");
        listed.ShouldAllBe(connection => (string)connection!["strategy"]! == "sms");
        (await management.GetAsync(Path + "?strategy=sms&strategy=email&fields=name")).AsArray().ShouldAllBe(connection => connection!.AsObject().Single().Key == "name");
        (await management.GetAsync(Path + "?include_totals=true"))["limit"]!.GetValue<int>().ShouldBe(100);
        (await management.GetAsync(Path + "?include_totals=true&take=1")).Names().ShouldBe(["connections", "next"]);
        (await management.GetAsync(Path + "?domain_alias=example.com")).AsArray().ShouldBeEmpty();
    }

    [Theory, Engines]
    public async Task The_purposes_of_a_connection_are_stored_and_its_clients_can_be_cleared(Engine engine)
    {
        var management = new ManagementApi(await servers.GetAsync(engine));
        var created = (await management.SendAsync(
            HttpMethod.Post, Path,
            new { name = "purposes", strategy = "auth0", enabled_clients = new[] { "a" }, authentication = new { active = true }, connected_accounts = new { active = false } }))
            .ShouldBe(HttpStatusCode.Created);

        var patched = (await management.SendAsync(HttpMethod.Patch, $"{Path}/{(string)created["id"]!}", new { enabled_clients = (string[]?)null }))
            .ShouldBe(HttpStatusCode.OK);

        ((bool)patched["authentication"]!["active"]!).ShouldBeTrue();
        ((bool)patched["connected_accounts"]!["active"]!).ShouldBeFalse();
        patched["enabled_clients"].Texts().ShouldBeEmpty();
    }

    [Theory, Engines]
    public async Task A_user_needs_an_existing_connection(Engine engine)
    {
        var server = await servers.GetAsync(engine);
        var management = new ManagementApi(server);
        var before = await DatabaseDump.TakeAsync(server.Database);

        var answer = await management.SendAsync(HttpMethod.Post, "/users", new { connection = "Username-Password-Authentcation", email = "typo@example.com" });

        answer.ShouldBeError(HttpStatusCode.BadRequest, "inexistent_connection");
        (await DatabaseDump.TakeAsync(server.Database)).ShouldBe(before);
    }

    [Theory, Engines]
    public async Task Users_are_deleted_with_their_connection_and_others_are_kept(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var management = new ManagementApi(server);
        var id = await CreateAsync(management, "leaving");
        await FillAsync(server, "leaving", 1200);
        var stays = await management.CreateUserAsync();

        var answer = await management.SendAsync(HttpMethod.Delete, $"{Path}/{id}");

        answer.ShouldBe(HttpStatusCode.Accepted).ToJsonString().ShouldBe("""{"deleted_at":"2026-03-01T12:00:00.000Z"}""");
        (await CountUsersAsync(server, "leaving")).ShouldBe(0);
        (await management.GetAsync("/users/" + Uri.EscapeDataString(stays))).ShouldNotBeNull();
        (await management.SendAsync(HttpMethod.Delete, $"{Path}/{id}")).Status
            .ShouldBe(HttpStatusCode.NoContent, "Deleting a missing connection succeeds");
        await CreateAsync(management, "leaving");
    }

    [Theory, Engines]
    public async Task A_worker_completes_a_large_deletion_and_the_name_is_taken_until_then(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var management = new ManagementApi(server);
        var id = await CreateAsync(management, "large");
        await FillAsync(server, "large", 5200);

        var answer = await management.SendAsync(HttpMethod.Delete, $"{Path}/{id}");

        answer.Status.ShouldBe(HttpStatusCode.Accepted);
        (await CountUsersAsync(server, "large")).ShouldBe(200);
        (await management.SendAsync(HttpMethod.Get, $"{Path}/{id}")).ShouldBeError(HttpStatusCode.NotFound, "inexistent_connection");
        (await management.SendAsync(HttpMethod.Post, Path, new { name = "large", strategy = "auth0" })).ShouldBeError(HttpStatusCode.Conflict, "connection_conflict");
        (await management.SendAsync(HttpMethod.Post, "/users", new { connection = "large", email = "late@example.com" }))
            .ShouldBeError(HttpStatusCode.BadRequest, "inexistent_connection");
        await server.Services.GetServices<Microsoft.Extensions.Hosting.IHostedService>().OfType<RetentionWorker>().Single().DeleteExpiredAsync(CancellationToken.None);
        (await CountUsersAsync(server, "large")).ShouldBe(0);
        await CreateAsync(management, "large");
    }

    /// <summary>
    /// A verification locks its user's row in <c>attempt</c> first and uses the user's row later. A deletion in the other order would wait for the
    /// verification while the verification waits for it.
    /// </summary>
    [Fact]
    public async Task A_deletion_does_not_deadlock_with_a_verification_of_one_of_the_users()
    {
        await using var server = await TestServer.StartAsync(Engine.PostgreSql);
        var management = new ManagementApi(server);
        var id = await CreateAsync(management, "busy");
        await FillAsync(server, "busy", Competitors);
        var user = (Value: $"auth0|busy-{Competitors / 2}", Tenant: TenantId.Default);
        await server.Database.WriteAsync(
            unit =>
            {
                unit.Enqueue(AttemptLimit.Hold(user.Tenant, user.Value));
                return ValueTask.CompletedTask;
            },
            CancellationToken.None);

        var deletion = await server.Database.WriteAsync(
            async unit =>
            {
                await unit.ExecuteAsync(AttemptLimit.Hold(user.Tenant, user.Value), CancellationToken.None);
                var deleting = management.SendAsync(HttpMethod.Delete, $"{Path}/{id}");
                await Eventually.GetAsync(() => CountWaitingAsync(server), waiting => waiting > 0);
                await unit.QueryAsync(
                    new Statement("SELECT user_id FROM \"user\" WHERE user_id = @user_id FOR KEY SHARE", ("user_id", user.Value)), row => 0, CancellationToken.None);
                return deleting;
            },
            CancellationToken.None);

        (await deletion).Status.ShouldBe(HttpStatusCode.Accepted);
        (await CountUsersAsync(server, "busy")).ShouldBe(0);
    }

    /// <summary>No user may be left in a deleted connection.</summary>
    [Theory, Engines]
    public async Task Users_created_while_their_connection_is_deleted_are_refused_or_deleted(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var management = new ManagementApi(server);
        var id = await CreateAsync(management, "contested");

        var answers = await Task.WhenAll(Enumerable.Range(0, Competitors).Select(number => number == Competitors / 2
            ? management.SendAsync(HttpMethod.Delete, $"{Path}/{id}")
            : management.SendAsync(HttpMethod.Post, "/users", new { connection = "contested", email = $"u{number}@example.com" })));

        answers.ShouldAllBe(answer => answer.Status == HttpStatusCode.Created || answer.Status == HttpStatusCode.Accepted || answer.ErrorCode == "inexistent_connection");
        (await CountUsersAsync(server, "contested")).ShouldBe(0);
    }

    [Theory, Engines]
    public async Task Of_concurrent_requests_with_one_name_one_succeeds(Engine engine)
    {
        var management = new ManagementApi(await servers.GetAsync(engine));
        await management.GetAsync(Path);

        var answers = await Task.WhenAll(Enumerable.Range(0, Competitors).Select(_ => management.SendAsync(HttpMethod.Post, Path, new { name = "race", strategy = "auth0" })));

        answers.Count(answer => answer.Status == HttpStatusCode.Created).ShouldBe(1);
        answers.Where(answer => answer.Status != HttpStatusCode.Created).ShouldAllBe(answer => answer.ErrorCode == "connection_conflict");
    }

    /// <summary>Published options that have a password or a key in their name but contain none.</summary>
    [Theory, Engines]
    public async Task Options_that_only_sound_like_secrets_are_stored(Engine engine)
    {
        const string Options =
            """{"passwordPolicy":"good","password_history":{"enable":true,"size":5},"password_dictionary":{"enable":true,"dictionary":["acme"]},"password_complexity_options":{"min_length":8},"authentication_methods":{"passkey":{"enabled":false}},"passkey_options":{"challenge_ui":"both","progressive_enrollment_enabled":true,"local_enrollment_enabled":true},"gateway_url":"https://sms.example.com/","from":"mailto:a@example.com","customScripts":{},"configuration":{},"disable_self_service_change_password":true}""";
        var management = new ManagementApi(await servers.GetAsync(engine));

        var created = await management.SendAsync(
            HttpMethod.Post, Path, new { name = "sounding", strategy = "auth0", options = JsonNode.Parse(Options) });

        var stored = created.ShouldBe(HttpStatusCode.Created)["options"]!;
        foreach (var (name, value) in JsonNode.Parse(Options)!.AsObject().Where(option => option.Key != "authentication_methods"))
        {
            JsonNode.DeepEquals(stored[name], value).ShouldBeTrue($"{name}: {stored[name]?.ToJsonString()}");
        }

        ((bool)stored["authentication_methods"]!["passkey"]!["enabled"]!).ShouldBeFalse();
    }

    [Theory]
    [InlineData("""{"name":"x"}""")]
    [InlineData("""{"name":"-x","strategy":"auth0"}""")]
    [InlineData("""{"name":"x","strategy":"google-oauth2"}""")]
    [InlineData("""{"name":"x","strategy":"auth0","id":"con_0000000000000000"}""")]
    [InlineData("""{"name":"x","strategy":"auth0","deleted_at":1}""")]
    [InlineData("""{"name":"x","strategy":"auth0","options":[]}""")]
    [InlineData("""{"name":"x","strategy":"auth0","options":{"configuration":{"KEY":"secret"}}}""")]
    [InlineData("""{"name":"x","strategy":"sms","options":{"twilio_token":"secret"}}""")]
    [InlineData("""{"name":"x","strategy":"sms","options":{"api_key":"canary"}}""")]
    [InlineData("""{"name":"x","strategy":"sms","options":{"Client_Secret ":"canary"}}""")]
    [InlineData("""{"name":"x","strategy":"sms","options":{"provider":{"auth":{"password":"canary"}}}}""")]
    [InlineData("""{"name":"x","strategy":"sms","options":{"accounts":[{"pin":1,"accessTokens":["canary"]}]}}""")]
    [InlineData("""{"name":"x","strategy":"sms","options":{"gateway_url":"https://user:canary@sms.example.com/"}}""")]
    public async Task An_invalid_connection_is_refused(string body)
    {
        foreach (var engine in Enum.GetValues<Engine>())
        {
            var answer = await new ManagementApi(await servers.GetAsync(engine))
                .SendAsync(HttpMethod.Post, Path, new StringContent(body, Encoding.UTF8, "application/json"));

            answer.ShouldBeError(HttpStatusCode.BadRequest, "invalid_body");
        }
    }

    /// <summary>The answer was recorded from the published API.</summary>
    [Theory, Engines]
    public async Task A_new_database_has_the_published_defaults_and_keeps_what_is_sent(Engine engine)
    {
        var management = new ManagementApi(await servers.GetAsync(engine));

        var plain = (await PostAsync(management, $$"""{"name":"plain-{{engine}}","strategy":"auth0"}""")).ShouldBe(HttpStatusCode.Created);
        var sent = (await PostAsync(
            management,
            """
            {"name":"sent-ENGINE","strategy":"auth0","authentication":{"active":false},"options":{"brute_force_protection":false,
             "password_options":{"history":{"active":true}},"authentication_methods":{"password":{"enabled":true},"passkey":{"enabled":true}},
             "attributes":{"email":{"identifier":{"active":true},"profile_required":true,"signup":{"status":"required","verification":{"active":false}}}}}}
            """.Replace("ENGINE", engine.ToString(), StringComparison.Ordinal))).ShouldBe(HttpStatusCode.Created);
        var codes = (await PostAsync(management, $$"""{"name":"codes-{{engine}}","strategy":"sms"}""")).ShouldBe(HttpStatusCode.Created);

        ShouldEqual(plain["options"], """
            {"mfa":{"active":true,"return_enroll_settings":true},"passwordPolicy":"good","strategy_version":2,"brute_force_protection":true,
             "authentication_methods":{"password":{"enabled":true,"api_behavior":"required","signup_behavior":"allow"},"passkey":{"enabled":false}},
             "passkey_options":{"challenge_ui":"both","progressive_enrollment_enabled":true,"local_enrollment_enabled":true},
             "disable_self_service_change_password":false}
            """);
        ShouldEqual(plain["authentication"], """{"active":true}""");
        ShouldEqual(plain["connected_accounts"], """{"active":false}""");
        ((bool)sent["options"]!["brute_force_protection"]!).ShouldBeFalse();
        sent["options"]!["passwordPolicy"].ShouldBeNull("password_options replaces it");
        ShouldEqual(sent["authentication"], """{"active":false}""");
        ShouldEqual(
            sent["options"]!["authentication_methods"],
            """{"password":{"enabled":true,"api_behavior":"required","signup_behavior":"allow"},"passkey":{"enabled":true}}""");
        ((string)sent["options"]!["attributes"]!["email"]!["verification_method"]!).ShouldBe("link");
        ((bool)sent["options"]!["attributes"]!["email"]!["unique"]!).ShouldBeTrue();
        codes["options"].Names().ShouldBeEmpty();
        var first = (await management.GetAsync(Path + "?name=Username-Password-Authentication")).AsArray().ShouldHaveSingleItem();
        JsonNode.DeepEquals(first!["options"], plain["options"]).ShouldBeTrue("A new installation starts with the same defaults");
    }

    [Theory]
    [InlineData("""{"requires_username":true,"attributes":{"username":{"identifier":{"active":true}}}}""", "Cannot set both options.attributes and options.requires_username")]
    [InlineData("""{"validation":{"username":{"min":1,"max":5}},"attributes":{"email":{"identifier":{"active":true}}}}""", "Cannot set both options.attributes and options.validation")]
    [InlineData("""{"attributes":{"email":{"identifier":{"active":false}},"username":{"identifier":{"active":false}}}}""", "attributes must contain one active identifier")]
    [InlineData("""{"attributes":{"email":{"profile_required":true}}}""", "attributes must contain one active identifier")]
    [InlineData("""{"attributes":{"phone_number":{"identifier":{"active":true},"profile_required":true,"signup":{"status":"inactive"}}}}""", "attribute phone_number must also be required on signup")]
    [InlineData("""{"attributes":{"phone_number":{"identifier":{"active":true},"signup":{"status":"optional"}}}}""", "attribute phone_number must also be required on signup")]
    [InlineData("""{"attributes":{"username":{"identifier":{"active":true}},"email":{"profile_required":true,"signup":{"status":"inactive"}}}}""", "attribute email must also be required on signup")]
    public async Task Options_that_contradict_each_other_are_refused(string options, string message)
    {
        var management = new ManagementApi(await servers.GetAsync(Engine.Sqlite));
        var id = await CreateAsync(management, "contradicting-" + Guid.CreateVersion7().ToString("N"));

        var created = await PostAsync(management, $$"""{"name":"contradiction","strategy":"auth0","options":{{options}} }""");
        var patched = await management.SendAsync(HttpMethod.Patch, $"{Path}/{id}", Json($$"""{"options":{{options}} }"""));

        foreach (var answer in new[] { created, patched })
        {
            answer.ShouldBeError(HttpStatusCode.BadRequest, "invalid_body");
            ((string)answer.Json!["message"]!).ShouldBe(message);
        }
    }

    [Theory]
    [InlineData("""{"requires_username":false,"validation":null,"attributes":{"phone_number":{"identifier":{"active":true},"profile_required":true,"signup":{"status":"required"}}}}""")]
    [InlineData("""{"requires_username":true,"validation":{"username":{"min":1,"max":5}},"attributes":null}""")]
    [InlineData("""{"requires_username":true,"attributes":{}}""")]
    [InlineData("""{"attributes":{"username":{"identifier":{"active":true}},"email":{"identifier":{"active":false},"signup":{"status":"optional"}}}}""")]
    public async Task Options_that_agree_with_each_other_are_accepted(string options)
    {
        var management = new ManagementApi(await servers.GetAsync(Engine.Sqlite));
        var id = await CreateAsync(management, "agreeing-" + Guid.CreateVersion7().ToString("N"));

        (await management.SendAsync(HttpMethod.Patch, $"{Path}/{id}", Json($$"""{"options":{{options}} }"""))).ShouldBe(HttpStatusCode.OK);
    }

    private static Task<Answer> PostAsync(ManagementApi management, string body) => management.SendAsync(HttpMethod.Post, Path, Json(body));

    private static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");

    private static void ShouldEqual(JsonNode? actual, string expected) =>
        JsonNode.DeepEquals(actual, JsonNode.Parse(expected)).ShouldBeTrue(actual?.ToJsonString());

    private static async Task<string> CreateAsync(ManagementApi management, string name) =>
        (string)(await management.SendAsync(HttpMethod.Post, Path, new { name, strategy = Connection.DatabaseStrategy })).ShouldBe(HttpStatusCode.Created)["id"]!;

    private static ValueTask FillAsync(TestServer server, string connection, int users) => server.Database.WriteAsync(
        unit =>
        {
            for (var number = 0; number < users; number++)
            {
                unit.Enqueue(new Statement(
                    """
                    INSERT INTO "user" (tenant_id, user_id, connection, email_verified, created_at, updated_at)
                    VALUES ('default', @user_id, @connection, false, 0, 0)
                    """,
                    ("user_id", $"auth0|{connection}-{number}"),
                    ("connection", connection)));
            }

            return ValueTask.CompletedTask;
        },
        CancellationToken.None);

    private static async Task<long> CountWaitingAsync(TestServer server) =>
        (await server.Database.QueryAsync(
            new Statement("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"),
            row => row.GetInt64(0),
            CancellationToken.None))[0];

    private static async Task<long> CountUsersAsync(TestServer server, string connection) =>
        (await server.Database.QueryAsync(
            new Statement("SELECT count(*) FROM \"user\" WHERE connection = @connection", ("connection", connection)), row => row.GetInt64(0), CancellationToken.None))[0];
}
