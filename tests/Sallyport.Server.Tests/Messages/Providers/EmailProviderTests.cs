using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Sallyport.Server.Messages.Providers;
using Sallyport.Server.Settings;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Messages.Providers;

/// <summary>The e-mail provider, with recorded answers (docs/management-api.md §C.2).</summary>
public sealed class EmailProviderTests(Servers servers) : IClassFixture<Servers>
{
    private const string Path = "/emails/provider";
    private const string All = "?fields=name,enabled,credentials,settings,default_from_address&include_fields=true";
    private const string Smtp =
        """{"name":"smtp","enabled":true,"default_from_address":"no-reply@example.com","credentials":{"smtp_host":"smtp.example.com","smtp_port":587,"smtp_user":"user","smtp_pass":"canary-Pw1"}}""";

    private const string ShownSmtp =
        """{"name":"smtp","enabled":true,"default_from_address":"no-reply@example.com","credentials":{"smtp_host":"smtp.example.com","smtp_port":587,"smtp_user":"user"}}""";

    [Theory, Engines]
    public async Task A_provider_is_created_once_read_changed_and_deleted(Engine engine)
    {
        var management = await StartAsync(engine);
        ShouldBeMissing(await management.SendAsync(HttpMethod.Get, Path + All));
        ShouldBeMissing(await SendAsync(management, HttpMethod.Patch, """{"enabled":false}"""));

        var created = await SendAsync(management, HttpMethod.Post, Smtp);
        ShouldEqual(created.ShouldBe(HttpStatusCode.Created), ShownSmtp);
        var again = await SendAsync(management, HttpMethod.Post, Smtp);
        again.ShouldBe(HttpStatusCode.Conflict);
        ShouldEqual(await management.GetAsync(Path), """{"name":"smtp","enabled":true}""");
        ShouldEqual(await management.GetAsync(Path + All), ShownSmtp);
        ShouldEqual(await management.GetAsync(Path + "?fields=credentials&include_fields=false"), """{"name":"smtp","enabled":true,"default_from_address":"no-reply@example.com"}""");

        var patched = await SendAsync(management, HttpMethod.Patch,
            """{"name":"smtp","enabled":false,"default_from_address":"info@example.com","credentials":{"smtp_host":"smtp.example.com","smtp_port":587,"smtp_user":"user"},"settings":{"headers":{"X-MC-ViewContentLink":"true","X-SES-Configuration-Set":"example"}}}""");
        const string Expected =
            """{"name":"smtp","enabled":false,"default_from_address":"info@example.com","credentials":{"smtp_host":"smtp.example.com","smtp_port":587,"smtp_user":"user"},"settings":{"headers":{"X-MC-ViewContentLink":"true","X-SES-Configuration-Set":"example"}}}""";
        ShouldEqual(patched.ShouldBe(HttpStatusCode.OK), Expected);
        ShouldEqual(await management.GetAsync(Path + All), Expected);

        (await management.SendAsync(HttpMethod.Delete, Path)).ShouldBe(HttpStatusCode.NoContent);
        (await management.SendAsync(HttpMethod.Delete, Path)).ShouldBe(HttpStatusCode.NoContent);
        ShouldBeMissing(await management.SendAsync(HttpMethod.Get, Path));
    }

    private static readonly (string Body, string Credentials)[] Providers =
    [
        ("""{"name":"mandrill","credentials":{"api_key":"canary-Pw1"}}""", "{}"),
        ("""{"name":"sendgrid","credentials":{"api_key":"canary-Pw1"}}""", "{}"),
        ("""{"name":"resend","credentials":{"api_key":"canary-Pw1"}}""", "{}"),
        ("""{"name":"mailgun","credentials":{"api_key":"canary-Pw1","domain":"example.com","region":"eu"}}""", """{"domain":"example.com","region":"eu"}"""),
        ("""{"name":"sparkpost","credentials":{"api_key":"canary-Pw1","region":"eu"}}""", """{"region":"eu"}"""),
        ("""{"name":"ses","credentials":{"accessKeyId":"canary-Pw1","secretAccessKey":"canary-Pw1","region":"us-east-1"}}""", """{"region":"us-east-1"}"""),
        ("""{"name":"postmark","credentials":{"api_key":"canary-Pw1"}}""", "{}"),
        ("""{"name":"smtp","credentials":{"smtp_host":"smtp.example.com","smtp_user":"user","smtp_oauth_token_url":"https://login.example.com/token","smtp_oauth_client_id":"id","smtp_oauth_client_secret":"canary-Pw1","smtp_oauth_refresh_token":"canary-Pw1","smtp_oauth_scope":"mail"}}""",
            """{"smtp_host":"smtp.example.com","smtp_user":"user","smtp_oauth_token_url":"https://login.example.com/token","smtp_oauth_client_id":"id","smtp_oauth_scope":"mail"}"""),
        ("""{"name":"azure_cs","credentials":{"connectionString":"canary-Pw1"}}""", "{}"),
        ("""{"name":"ms365","credentials":{"tenantId":"canary-Pw1","clientId":"canary-Pw1","clientSecret":"canary-Pw1"}}""", "{}"),
        ("""{"name":"custom","credentials":{}}""", "{}"),
        (Smtp, """{"smtp_host":"smtp.example.com","smtp_port":587,"smtp_user":"user"}"""),
    ];

    [Theory, Engines]
    public async Task No_secret_is_returned_logged_or_stored_in_clear(Engine engine)
    {
        var management = await StartAsync(engine);
        var server = await servers.GetAsync(engine);
        foreach (var (body, credentials) in Providers)
        {
            var created = await SendAsync(management, HttpMethod.Post, body);

            ShouldEqual(created.ShouldBe(HttpStatusCode.Created)["credentials"]!, credentials);
            ((bool)created.Json!["enabled"]!).ShouldBeTrue();
            (await management.GetAsync(Path + All)).ToJsonString().ShouldNotContain("canary");
            (await DatabaseDump.TakeAsync(server.Database)).ShouldAllBe(line => !line.Contains("canary") && !line.Contains("63616E617279"));
            (await management.SendAsync(HttpMethod.Delete, Path)).ShouldBe(HttpStatusCode.NoContent);
        }

        var details = await server.Database.QueryAsync(
            new Statement("SELECT details FROM log WHERE details LIKE '%emails/provider%'"), row => row.GetString(0), CancellationToken.None);
        details.Count.ShouldBeGreaterThan(Providers.Length);
        details.ShouldAllBe(detail => !detail.Contains("canary"));
    }

    [Theory, Engines]
    public async Task A_password_is_kept_for_the_same_account_only(Engine engine)
    {
        var management = await StartAsync(engine);
        (await SendAsync(management, HttpMethod.Post, Smtp)).ShouldBe(HttpStatusCode.Created);
        var server = await servers.GetAsync(engine);

        (await SendAsync(management, HttpMethod.Patch, """{"enabled":false}""")).ShouldBe(HttpStatusCode.OK);
        (await FindSecretsAsync(server)).Keys.ShouldContain("smtp_pass");
        (await SendAsync(management, HttpMethod.Patch, """{"credentials":{"smtp_host":"smtp.example.com","smtp_port":587,"smtp_user":"user"}}""")).ShouldBe(HttpStatusCode.OK);
        (await FindSecretsAsync(server)).Keys.ShouldContain("smtp_pass");
        (await SendAsync(management, HttpMethod.Patch, """{"credentials":{"smtp_host":"evil.example","smtp_port":587,"smtp_user":"user"}}""")).ShouldBe(HttpStatusCode.OK);
        (await FindSecretsAsync(server)).ShouldBeEmpty();
    }

    /// <summary>Terraform sends such requests.</summary>
    [Theory]
    [InlineData(Engine.Sqlite, "ses", """{"region":"us-east-1"}""", """{"message":{"configuration_set_name":"example"}}""")]
    [InlineData(Engine.PostgreSql, "mandrill", """{"api_key":"x"}""", """{"message":{"view_content_link":true}}""")]
    [InlineData(Engine.PostgreSql, "smtp", """{"smtp_host":"a"}""", """{"headers":{"X-MSYS_API":{"options":{"open_tracking":true}}}}""")]
    [InlineData(Engine.Sqlite, "sendgrid", """{"api_key":"x"}""", """{"headers":{},"message":null}""")]
    [InlineData(Engine.Sqlite, "sendgrid", """{"api_key":"x"}""", "{}")]
    public async Task The_settings_of_each_provider_are_stored(Engine engine, string name, string credentials, string settings)
    {
        var management = await StartAsync(engine);

        (await SendAsync(management, HttpMethod.Post, $$"""{"name":"{{name}}","credentials":{{credentials}},"settings":{{settings}}}""")).ShouldBe(HttpStatusCode.Created);

        var stored = (await management.GetAsync(Path + All))["settings"]!.AsObject();
        // Members that are null are omitted.
        ShouldEqual(stored, settings.Replace(",\"message\":null", ""));
    }

    [Theory, Engines]
    public async Task Another_provider_does_not_inherit_settings(Engine engine)
    {
        var management = await StartAsync(engine);
        (await SendAsync(management, HttpMethod.Post, Smtp[..^1] + ",\"settings\":{\"headers\":{\"X-SES-Configuration-Set\":\"example\"}}}")).ShouldBe(HttpStatusCode.Created);
        (await SendAsync(management, HttpMethod.Patch, """{"enabled":false}""")).ShouldBe(HttpStatusCode.OK);
        (await management.GetAsync(Path + All))["settings"].ShouldNotBeNull();

        (await SendAsync(management, HttpMethod.Patch, """{"name":"ses","credentials":{"region":"us-east-1"}}""")).ShouldBe(HttpStatusCode.OK);

        ShouldEqual(
            await management.GetAsync(Path + All),
            """{"name":"ses","enabled":false,"default_from_address":"no-reply@example.com","credentials":{"region":"us-east-1"}}""");
    }

    [Theory, Engines]
    public async Task An_empty_or_null_sender_clears_the_stored_one(Engine engine)
    {
        var management = await StartAsync(engine);
        foreach (var value in new[] { "\"\"", "null" })
        {
            (await management.SendAsync(HttpMethod.Delete, Path)).ShouldBe(HttpStatusCode.NoContent);
            (await SendAsync(management, HttpMethod.Post, Smtp)).ShouldBe(HttpStatusCode.Created);

            (await SendAsync(management, HttpMethod.Patch, $$"""{"default_from_address":{{value}}}""")).ShouldBe(HttpStatusCode.OK);

            (await management.GetAsync(Path + All)).AsObject().ContainsKey("default_from_address").ShouldBeFalse();
        }
    }

    public static TheoryData<string, string, string> Bad() => new()
    {
        { "POST", """{"name":"smtp"}""", "credentials" },
        { "POST", """{"credentials":{}}""", "Missing required property: name" },
        { "POST", """{"name":"pigeon","credentials":{}}""", "name" },
        { "POST", """{"name":"smtp","credentials":{}}""", "credentials.smtp_host" },
        { "POST", """{"name":"smtp","credentials":{"smtp_host":"a\r\nb"}}""", "smtp_host" },
        { "POST", """{"name":"smtp","credentials":{"smtp_host":"a","smtp_port":0}}""", "smtp_port" },
        { "POST", """{"name":"smtp","credentials":{"smtp_host":"a","api_key":"x"}}""", "credentials.api_key" },
        { "POST", """{"name":"smtp","credentials":{"smtp_host":"a","smtp_oauth_token_url":"ftp://x"}}""", "smtp_oauth_token_url" },
        { "POST", """{"name":"ses","credentials":{"region":"x.evil.example/"}}""", "region" },
        { "POST", """{"name":"mandrill","credentials":{"smtp_pass":"x"}}""", "credentials.smtp_pass" },
        { "POST", """{"name":"mandrill","credentials":{"nothing":"x"}}""", "credentials.nothing" },
        { "POST", """{"name":"mandrill","credentials":{"api_key":"x"},"default_from_address":"a\r\nb@example.com"}""", "default_from_address" },
        { "POST", """{"name":"smtp","credentials":{"smtp_host":"a"},"settings":{"headers":{"X-Other":"y"}}}""", "settings.headers.X-Other" },
        { "POST", """{"name":"smtp","credentials":{"smtp_host":"a"},"settings":{"headers":{"X-MC-ViewContentLink":true}}}""", "settings.headers.X-MC-ViewContentLink" },
        { "POST", """{"name":"smtp","credentials":{"smtp_host":"a"},"settings":{"headers":{"X-SES-Configuration-Set":"a\r\nBcc: b"}}}""", "X-SES-Configuration-Set" },
        { "POST", """{"name":"smtp","credentials":{"smtp_host":"a"},"settings":{"headers":"x"}}""", "settings.headers" },
        { "POST", """{"name":"smtp","credentials":{"smtp_host":"a"},"settings":{"message":{"view_content_link":true}}}""", "settings.message.view_content_link" },
        { "POST", """{"name":"ses","credentials":{"region":"x"},"settings":{"message":{"view_content_link":true}}}""", "settings.message.view_content_link" },
        { "POST", """{"name":"sendgrid","credentials":{"api_key":"x"},"settings":{"nothing":{}}}""", "settings.nothing" },
        { "PATCH", """{"settings":{"message":{"configuration_set_name":"x"}}}""", "settings.message.configuration_set_name" },
        { "PATCH", """{"default_from_address":"nobody"}""", "default_from_address" },
        { "PATCH", "{}", "Too few properties" },
        { "PATCH", """{"name":"ses"}""", "Missing required property: credentials" },
        { "PATCH", """{"credentials":{"region":"eu"}}""", "credentials.region" },
        { "PATCH", """{"enabled":"no"}""", "enabled" },
    };

    [Theory, MemberData(nameof(Bad))]
    public async Task A_faulty_request_changes_nothing_and_its_error_names_the_fault(string method, string body, string named)
    {
        foreach (var engine in Enum.GetValues<Engine>())
        {
            var management = await StartAsync(engine);
            if (method == "PATCH")
            {
                (await SendAsync(management, HttpMethod.Post, Smtp)).ShouldBe(HttpStatusCode.Created);
            }

            var server = await servers.GetAsync(engine);
            var before = await DatabaseDump.TakeAsync(server.Database);

            var answer = await SendAsync(management, HttpMethod.Parse(method), body);

            answer.ShouldBeError(HttpStatusCode.BadRequest, "invalid_body");
            ((string)answer.Json!["message"]!).ShouldContain(named);
            (await DatabaseDump.TakeAsync(server.Database)).ShouldBe(before);
        }
    }

    [Theory, Engines]
    public async Task Of_sixteen_requests_that_create_a_provider_one_succeeds(Engine engine)
    {
        var management = await StartAsync(engine);

        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => SendAsync(management, HttpMethod.Post, Smtp)));

        answers.Count(answer => answer.Status == HttpStatusCode.Created).ShouldBe(1);
        answers.Count(answer => answer.Status == HttpStatusCode.Conflict).ShouldBe(15);
    }

    private async Task<ManagementApi> StartAsync(Engine engine)
    {
        var management = new ManagementApi(await servers.GetAsync(engine));
        (await management.SendAsync(HttpMethod.Delete, Path)).ShouldBe(HttpStatusCode.NoContent);
        return management;
    }

    private static async Task<IReadOnlyDictionary<string, string>> FindSecretsAsync(TestServer server)
    {
        var settings = server.Services.GetRequiredService<SettingQueries>();
        return (await settings.FindAsync(TenantId.Default, ChangeEmailProvider.Kind, CancellationToken.None))!.Secrets;
    }

    private static void ShouldBeMissing(Answer answer)
    {
        answer.ShouldBeError(HttpStatusCode.NotFound, "inexistent_email_provider");
        ((string)answer.Json!["message"]!).ShouldBe("There is not a configured email provider");
    }

    private static Task<Answer> SendAsync(ManagementApi management, HttpMethod method, string body) =>
        management.SendAsync(method, Path, new StringContent(body, Encoding.UTF8, "application/json"));

    private static void ShouldEqual(JsonNode actual, string expected) =>
        JsonNode.DeepEquals(actual, JsonNode.Parse(expected)).ShouldBeTrue(actual.ToJsonString());
}
