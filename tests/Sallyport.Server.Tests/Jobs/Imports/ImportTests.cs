using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Jobs.Imports;

public sealed class ImportTests(Servers servers) : IClassFixture<Servers>
{
    private const string Seed = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";

    [Theory, Engines]
    public async Task A_file_of_users_is_imported_and_its_progress_is_shown(Engine engine)
    {
        var scene = await JobScene.CreateAsync(await servers.GetAsync(engine));

        var answer = await scene.PostAsync(JobScene.Users(450, "progress"), ("external_id", "mine"), ("send_completion_email", "false"));

        var created = answer.ShouldBe(HttpStatusCode.Accepted);
        ((string)created["id"]!).ShouldMatch("^job_[A-Za-z0-9]{16}$");
        ((string)created["type"]!).ShouldBe("users_import");
        ((string)created["status"]!).ShouldBe("pending");
        ((string)created["connection_id"]!).ShouldBe(scene.ConnectionId);
        ((string)created["connection"]!).ShouldBe(scene.Connection);
        ((string)created["external_id"]!).ShouldBe("mine");
        var job = await Eventually.GetAsync(() => scene.Management.GetAsync("/jobs/" + created["id"]), job => (string)job["status"]! == "completed");
        ((int)job["percentage_done"]!).ShouldBe(100);
        ((int)job["time_left_seconds"]!).ShouldBe(0);
        job["summary"]!.ToJsonString().ShouldBe("""{"failed":0,"updated":0,"inserted":450,"total":450}""");
        (await scene.Management.SendAsync(HttpMethod.Get, $"/jobs/{created["id"]}/errors")).Status.ShouldBe(HttpStatusCode.NoContent);
        (await scene.CountUsersAsync()).ShouldBe(450);
    }

    [Theory, Engines]
    public async Task All_properties_and_factors_of_a_record_are_imported(Engine engine)
    {
        var scene = await JobScene.CreateAsync(await servers.GetAsync(engine));
        var email = $"{scene.Connection}@example.com";

        await scene.ImportAsync($$"""
            [{
                "user_id": "{{scene.Connection}}", "email": "{{email.ToUpperInvariant()}}", "email_verified": true, "username": "imported", "name": "Ünal 🙂",
                "given_name": "Given", "family_name": "Family", "nickname": "Nick", "picture": "https://example.com/p.png", "blocked": true,
                "user_metadata": {"theme": "dark"}, "app_metadata": {"plan": "gold"},
                "mfa_factors": [{"totp": {"secret": "{{Seed}}"} }, {"phone": {"value": "+15551234567"} }, {"email": {"value": "second@example.com"} }]
            }]
            """);

        var user = await scene.GetUserAsync(email);
        ((string)user["user_id"]!).ShouldBe("auth0|" + scene.Connection);
        ((bool)user["email_verified"]!).ShouldBeTrue();
        ((string)user["name"]!).ShouldBe("Ünal 🙂");
        ((string)user["app_metadata"]!["plan"]!).ShouldBe("gold");
        ((string)user["multifactor"]![0]!).ShouldBe("guardian");
        var methods = await scene.Management.GetAsync($"/users/{Uri.EscapeDataString((string)user["user_id"]!)}/authentication-methods");
        methods.AsArray().Select(method => $"{method!["type"]} {method["confirmed"]}").Order(StringComparer.Ordinal)
            .ShouldBe(["email true", "phone true", "totp true"]);
        (await scene.Server.Database.QueryAsync(
            new Statement("SELECT message_id FROM message WHERE user_id = @user_id", ("user_id", "auth0|" + scene.Connection)), row => row.GetString(0), CancellationToken.None)).ShouldBeEmpty();
        (await scene.Management.GetAsync($"/users?q=app_metadata.plan:gold AND identities.connection:\"{scene.Connection}\"")).AsArray().Count.ShouldBe(1);
    }

    [Theory, Engines]
    public async Task An_existing_user_is_refused_and_not_changed(Engine engine)
    {
        var scene = await JobScene.CreateAsync(await servers.GetAsync(engine));
        var email = $"{scene.Connection}@example.com";
        await scene.ImportAsync($$"""[{"email":"{{email}}","name":"First"}]""");

        var job = await scene.ImportAsync($$"""[{"email":"{{email}}","name":"Second"},{"email":"other-{{email}}"},{"email":"OTHER-{{email}}"}]""");

        job["summary"]!.ToJsonString().ShouldBe("""{"failed":2,"updated":0,"inserted":1,"total":3}""");
        var errors = await scene.ErrorsAsync(job);
        errors.Select(error => (string)error!["errors"]![0]!["code"]!).ShouldBe(["DUPLICATED_USER", "DUPLICATED_USER"]);
        ((string)errors[0]!["user"]!["email"]!).ShouldBe(email);
        ((string)(await scene.GetUserAsync(email))["name"]!).ShouldBe("First");
    }

    [Theory, Engines]
    public async Task An_upsert_changes_the_members_of_the_record_and_merges_metadata(Engine engine)
    {
        var scene = await JobScene.CreateAsync(await servers.GetAsync(engine));
        var email = $"{scene.Connection}@example.com";
        var record = $$"""{"email":"{{email}}","mfa_factors":[{"totp":{"secret":"{{Seed}}"} }],""";
        await scene.ImportAsync($$"""[{{record}}"nickname":"kept","app_metadata":{"a":1,"b":1} }]""");

        var job = await scene.ImportAsync($$"""[{{record}}"name":"Second","app_metadata":{"b":2} },{"email":"new-{{email}}"}]""", ("upsert", "true"));

        job["summary"]!.ToJsonString().ShouldBe("""{"failed":0,"updated":1,"inserted":1,"total":2}""");
        var user = await scene.GetUserAsync(email);
        ((string)user["name"]!).ShouldBe("Second");
        ((string)user["nickname"]!).ShouldBe("kept");
        user["app_metadata"]!.ToJsonString().ShouldBe("""{"a":1,"b":2}""");
        (await scene.Management.GetAsync($"/users/{Uri.EscapeDataString((string)user["user_id"]!)}/authentication-methods")).AsArray()
            .ShouldHaveSingleItem();
    }

    [Theory, Engines]
    public async Task An_upsert_never_gives_a_user_another_address(Engine engine)
    {
        var scene = await JobScene.CreateAsync(await servers.GetAsync(engine));
        var id = scene.Connection;
        await scene.ImportAsync($$"""[{"user_id":"{{id}}","email":"a-{{id}}@example.com"},{"email":"b-{{id}}@example.com"}]""");

        var job = await scene.ImportAsync(
            $$"""[{"user_id":"{{id}}","email":"b-{{id}}@example.com","name":"X"},{"user_id":"new-{{id}}","email":"a-{{id}}@example.com","name":"X"}]""",
            ("upsert", "true"));

        job["summary"]!.ToJsonString().ShouldBe("""{"failed":2,"updated":0,"inserted":0,"total":2}""");
        ((string)(await scene.GetUserAsync($"a-{id}@example.com"))["name"]!).ShouldBe($"a-{id}@example.com");
    }

    /// <summary>Has the same effect as a block through <c>PATCH /users/{id}</c>.</summary>
    [Theory, Engines]
    public async Task An_upsert_that_blocks_a_user_ends_the_credentials_of_the_user(Engine engine)
    {
        var scene = await JobScene.CreateAsync(await servers.GetAsync(engine));
        var guardian = new GuardianApi(scene.Server);
        var email = $"{scene.Connection}@example.com";
        await scene.ImportAsync($$"""[{"email":"{{email}}"}]""");
        var ticket = await scene.Management.CreateTicketAsync((string)(await scene.GetUserAsync(email))["user_id"]!);

        await scene.ImportAsync($$"""[{"email":"{{email}}","name":"Renamed"}]""", ("upsert", "true"));
        var flow = await guardian.StartAsync(ticket);
        await scene.ImportAsync($$"""[{"email":"{{email}}","blocked":true}]""", ("upsert", "true"));
        await scene.ImportAsync($$"""[{"email":"{{email}}","blocked":false}]""", ("upsert", "true"));

        (await guardian.StartFlowAsync(ticket)).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await guardian.VerifyAsync(flow, guardian.CodeOf(flow))).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Theory, Engines]
    public async Task Hostile_records_are_refused_and_change_nothing(Engine engine)
    {
        var scene = await JobScene.CreateAsync(await servers.GetAsync(engine));
        var address = $"@{scene.Connection}.example.com";
        string[] hostile =
        [
            "null", "1", "[]", "\"text\"", "{}", """{"name":"nobody"}""",
            $$"""{"email":"a{{address}}","name":"{{new string('x', 200_000)}}"}""",
            $$"""{"email":"nul\u0000{{address}}"}""",
            $$"""{"email":"b{{address}}","name":"\u0000"}""",
            $$"""{"email":"c{{address}}","name":"\ud800"}""",
            $$"""{"email":"c{{address}}","user_metadata":{"\ud800":1,"\ud801":2} }""",
            $$"""{"email":"d{{address}}","email":"e{{address}}"}""",
            $$"""{"email":"f{{address}}","is_admin":true}""",
            $$"""{"email":"g{{address}}","email_verified":"true"}""",
            $$"""{"email":["h{{address}}"]}""",
            $$"""{"email":"i{{address}}","user_id":"a b"}""",
            $$"""{"email":"j{{address}}","password_hash":"$2b$10$abc"}""",
            $$"""{"email":"k{{address}}","user_metadata":{{string.Concat(Enumerable.Repeat("{\"a\":", 40))}}1{{new string('}', 41)}}""",
        ];
        string[] factors =
        [
            "[]", "[{}]", "null", """[{"totp":{"secret":"not base32!"}}]""", """[{"totp":{"secret":"JBSWY"}}]""", """[{"phone":{"value":"0123"}}]""",
            $$"""[{"totp":{"secret":"{{Seed}}"},"phone":{"value":"+15551234567"} }]""", """[{"push":{}}]""", """[{"email":{"value":"nobody"} }]""",
        ];
        var records = hostile.Concat(factors.Select((value, i) => $$"""{"email":"m{{i}}{{address}}","mfa_factors":{{value}}}""")).ToList();

        var job = await scene.ImportAsync($$"""[{{string.Join(',', records)}},{"email":"good{{address}}"}]""");

        job["summary"]!.ToJsonString().ShouldBe($$"""{"failed":{{records.Count}},"updated":0,"inserted":1,"total":{{records.Count + 1}}}""");
        (await scene.CountUsersAsync()).ShouldBe(1);
        var errors = await scene.ErrorsAsync(job);
        errors.Count.ShouldBe(records.Count);
        errors.Count(error => (string)error!["errors"]![0]!["code"]! == "MFA_FACTORS_FAILED")
            .ShouldBe(factors.Length - 1, "All but the one with an unknown property.");
        errors.ToJsonString().ShouldNotContain("JBSWY");
        errors.ToJsonString().ShouldNotContain("$2b$");
    }

    /// <summary>If hashes were ignored, the user would have no password and nobody would notice.</summary>
    [Theory, Engines]
    public async Task A_password_hash_is_refused_by_name_and_never_repeated(Engine engine)
    {
        var scene = await JobScene.CreateAsync(await servers.GetAsync(engine));
        var address = $"@{scene.Connection}.example.com";

        var job = await scene.ImportAsync($$"""
            [
                {"email":"a{{address}}","password_hash":"$2b$10$C4n4ry"},
                {"email":"b{{address}}","custom_password_hash":{"algorithm":"argon2","hash":{"value":"C4n4ry"} } },
                {"email":"c{{address}}"}
            ]
            """);

        job["summary"]!.ToJsonString().ShouldBe("""{"failed":2,"updated":0,"inserted":1,"total":3}""");
        var errors = await scene.ErrorsAsync(job);
        errors.Select(error => error!["errors"]!.ToJsonString()).ShouldBe([Error("password_hash"), Error("custom_password_hash")]);
        errors.Select(error => (string)error!["user"]!["email"]!).ShouldBe(["a" + address, "b" + address]);
        errors.ToJsonString().ShouldNotContain("C4n4ry");

        static string Error(string name) => new JsonArray(new JsonObject
        {
            ["code"] = "INVALID_FORMAT",
            ["message"] = $"Payload validation error: 'Password hashes cannot be imported yet; leave it out' on property {name}.",
            ["path"] = name,
        }).ToJsonString();
    }

    [Theory, Engines]
    public async Task A_bad_form_is_refused_and_creates_no_job(Engine engine)
    {
        var scene = await JobScene.CreateAsync(await servers.GetAsync(engine));
        var before = await DatabaseDump.TakeAsync(scene.Server.Database);

        foreach (var users in new[] { "", "{}", "[]", "[", "[1,]", "[1]x", "[1][2]", "not json", "\0" })
        {
            (await scene.PostAsync(users)).ShouldBeError(HttpStatusCode.BadRequest, "invalid_body");
        }

        (await scene.PostAsync("[1]", ("upsert", "yes"))).ShouldBeError(HttpStatusCode.BadRequest, "invalid_body");
        (await scene.PostAsync("[1]", ("upsert", "true"), ("upsert", "false"))).ShouldBeError(HttpStatusCode.BadRequest, "invalid_body");
        (await scene.PostAsync("[1]", ("is_admin", "true"))).ShouldBeError(HttpStatusCode.BadRequest, "invalid_body");
        (await scene.PostAsync("[1]", ("external_id", "\0"))).ShouldBeError(HttpStatusCode.BadRequest, "invalid_body");
        (await scene.PostAsync("[1]", ("connection_id", ""))).ShouldBeError(HttpStatusCode.BadRequest, "inexistent_connection");
        (await scene.PostAsync("[1]", ("connection_id", "con_0123456789abcdef"))).ShouldBeError(HttpStatusCode.BadRequest, "inexistent_connection");
        (await SendAsync(new StringContent("{}", Encoding.UTF8, "application/json"))).ShouldBeError(HttpStatusCode.BadRequest, "invalid_body");
        (await SendAsync(new ByteArrayContent([]))).ShouldBeError(HttpStatusCode.BadRequest, "invalid_body");
        (await SendAsync(null)).ShouldBeError(HttpStatusCode.BadRequest, "invalid_body");
        (await SendAsync(Broken())).ShouldBeError(HttpStatusCode.BadRequest, "invalid_body");
        (await scene.PostAsync($"[\"{new string('x', 500 * 1024)}\"]")).Status.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        (await DatabaseDump.TakeAsync(scene.Server.Database)).ShouldBe(before);

        Task<Answer> SendAsync(HttpContent? content) => scene.Management.SendAsync(HttpMethod.Post, "/jobs/users-imports", content);
    }

    [Theory, Engines]
    public async Task A_third_unfinished_import_is_refused(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var scene = await JobScene.CreateAsync(server);
        // The jobs are held by a node that works on them.
        await HoldAsync("job_one", "job_two");

        var refused = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => scene.PostAsync("[{}]")));

        refused.ShouldAllBe(answer => answer.Status == HttpStatusCode.TooManyRequests);
        await server.Database.WriteAsync(
            unit =>
            {
                unit.Enqueue(new Statement("DELETE FROM job"));
                return ValueTask.CompletedTask;
            },
            CancellationToken.None);
        await HoldAsync("job_one");
        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => scene.PostAsync(JobScene.Users(2000, "race"))));
        answers.Count(answer => answer.Status == HttpStatusCode.Accepted).ShouldBeGreaterThan(0);
        answers.ShouldAllBe(answer => answer.Status == HttpStatusCode.Accepted || answer.Status == HttpStatusCode.TooManyRequests);

        async Task HoldAsync(params string[] ids) => await server.Database.WriteAsync(
            unit =>
            {
                foreach (var id in ids)
                {
                    unit.Enqueue(new Statement(
                        """
                        INSERT INTO job (tenant_id, job_id, type, status, parameters, position, total, inserted, updated, failed, created_at, due_at, attempts)
                        SELECT tenant_id, @id, 'users_import', 'processing', '{}', 0, 1, 0, 0, 0, 0, @due_at, 1 FROM tenant
                        """,
                        ("id", id),
                        ("due_at", server.Clock.GetUtcNow().AddHours(1).ToUnixTimeMilliseconds())));
                }

                return ValueTask.CompletedTask;
            },
            CancellationToken.None);
    }

    [Theory, Engines]
    public async Task Seeds_are_stored_encrypted_only_and_the_file_is_deleted_after_the_import(Engine engine)
    {
        var scene = await JobScene.CreateAsync(await servers.GetAsync(engine));

        var job = await scene.ImportAsync($$"""[{"email":"{{scene.Connection}}@example.com","mfa_factors":[{"totp":{"secret":"{{Seed}}"} }]}]""");

        var stored = string.Join('\n', await DatabaseDump.TakeAsync(scene.Server.Database));
        stored.ShouldNotContain(Seed);
        stored.ShouldNotContain(Convert.ToHexString(Encoding.UTF8.GetBytes(Seed)));
        (await scene.Server.Database.QueryAsync(
            new Statement("SELECT job_id FROM job WHERE job_id = @id AND sealed_file IS NULL", ("id", (string)job["id"]!)),
            row => row.GetString(0),
            CancellationToken.None)).ShouldHaveSingleItem();
    }

    [Theory, Engines]
    public async Task The_log_has_the_job_and_the_numbers_of_imported_users(Engine engine)
    {
        var scene = await JobScene.CreateAsync(await servers.GetAsync(engine));

        var job = await scene.ImportAsync($$"""[{"email":"{{scene.Connection}}@example.com"},{}]""");

        var entry = (await LogEntry.ListAsync(scene.Server, "fu")).Last(entry => (string?)entry.Json["job_id"] == (string)job["id"]!);
        entry.Json.ToJsonString().ShouldBe($$"""{"inserted":1,"updated":0,"failed":1,"job_id":"{{job["id"]}}"}""");
        entry.ClientId.ShouldBe(TestServer.ClientId);
        (await LogEntry.ListAsync(scene.Server, "sapi")).ShouldContain(entry => entry.Details!.Contains((string)job["id"]!));
    }

    [Theory, Engines]
    public async Task An_unknown_job_is_not_found(Engine engine)
    {
        var management = new ManagementApi(await servers.GetAsync(engine));

        (await management.SendAsync(HttpMethod.Get, "/jobs/job_0123456789abcdef")).ShouldBeError(HttpStatusCode.NotFound, "inexistent_job");
        (await management.SendAsync(HttpMethod.Get, "/jobs/job_0123456789abcdef/errors")).ShouldBeError(HttpStatusCode.NotFound, "inexistent_job");
    }

    private static ByteArrayContent Broken()
    {
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes("--b\r\nContent-Disposition: form-data; name=\"users\"\r\n\r\n[1]"));
        content.Headers.TryAddWithoutValidation("Content-Type", "multipart/form-data; boundary=b");
        return content;
    }
}
