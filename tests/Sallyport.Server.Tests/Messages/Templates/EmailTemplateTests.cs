using System.Net;
using System.Text;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Messages.Templates;

/// <summary>Email templates, with recorded answers (docs/management-api.md §C.3).</summary>
public sealed class EmailTemplateTests(Servers servers) : IClassFixture<Servers>
{
    private const string Path = "/email-templates";
    private const string Verify =
        """{"template":"verify_email","body":"<html><body><h1>Verify your email</h1></body></html>","from":"me@example.com","resultUrl":"https://www.example.com/verify-email","subject":"Verify your email","syntax":"liquid","includeEmailInRedirect":true,"enabled":true}""";

    [Theory, Engines]
    public async Task A_template_is_created_once_replaced_and_merged(Engine engine)
    {
        var server = await servers.GetCleanAsync(engine);
        var management = new ManagementApi(server);
        ShouldBeMissing(await management.SendAsync(HttpMethod.Get, Path + "/verify_email"));
        ShouldBeMissing(await SendAsync(management, HttpMethod.Patch, "/verify_email", """{"enabled":false}"""));
        ShouldBeMissing(await SendAsync(management, HttpMethod.Put, "/verify_email", Verify));

        (await SendAsync(management, HttpMethod.Post, "", Verify)).ShouldBe(HttpStatusCode.OK).ToJsonString().ShouldBe(Parsed(Verify));
        var again = await SendAsync(management, HttpMethod.Post, "", Verify);
        again.ShouldBe(HttpStatusCode.Conflict);
        again.Text.ShouldBe("""{"statusCode":409,"error":"Conflict","message":"Template verify_email already exists."}""");

        (await SendAsync(management, HttpMethod.Patch, "/verify_email", """{"body":"<p>{{ user.name }}</p>","includeEmailInRedirect":false,"urlLifetimeInSeconds":60}"""))
            .ShouldBe(HttpStatusCode.OK).ToJsonString().ShouldBe(Parsed(
                """{"template":"verify_email","body":"<p>{{ user.name }}</p>","from":"me@example.com","resultUrl":"https://www.example.com/verify-email","subject":"Verify your email","syntax":"liquid","urlLifetimeInSeconds":60,"includeEmailInRedirect":false,"enabled":true}"""));
        const string Replaced = """{"template":"verify_email","body":null,"from":"","subject":"x","syntax":"liquid","enabled":false}""";
        (await SendAsync(management, HttpMethod.Put, "/verify_email", Replaced)).ShouldBe(HttpStatusCode.OK).ToJsonString().ShouldBe(Replaced);
        (await management.GetAsync(Path + "/verify_email")).ToJsonString().ShouldBe(Replaced);
        ShouldBeMissing(await management.SendAsync(HttpMethod.Get, Path + "/mfa_oob_code"));
    }

    /// <summary>A deployment tool patches a template and creates it if it is missing.</summary>
    [Theory, Engines]
    public async Task Every_kind_of_mail_has_a_template(Engine engine)
    {
        var server = await servers.GetCleanAsync(engine);
        var management = new ManagementApi(server);
        string[] names =
        [
            "verify_email", "verify_email_by_code", "auth_email_by_code", "reset_email", "reset_email_by_code", "welcome_email", "blocked_account",
            "stolen_credentials", "enrollment_email", "mfa_oob_code", "user_invitation", "change_password", "password_reset", "async_approval",
        ];
        foreach (var name in names)
        {
            var body = Verify.Replace("verify_email\"", name + "\"");
            ShouldBeMissing(await SendAsync(management, HttpMethod.Patch, "/" + name, body));
            (await SendAsync(management, HttpMethod.Post, "", body)).ShouldBe(HttpStatusCode.OK);
            (await SendAsync(management, HttpMethod.Patch, "/" + name, $$"""{"template":"{{name}}","enabled":false}""")).ShouldBe(HttpStatusCode.OK);

            ((bool)(await management.GetAsync($"{Path}/{name}"))["enabled"]!).ShouldBeFalse();
        }
    }

    public static TheoryData<string, string, string> Bad() => new()
    {
        { "POST ", """{"template":"pigeon_post","body":"","from":"","subject":"","syntax":"liquid","enabled":true}""", "template" },
        { "POST ", """{"template":"verify_email","from":"","subject":"","syntax":"liquid","enabled":true}""", "Missing required property: body" },
        { "POST ", """{"body":"","from":"","subject":"","syntax":"liquid","enabled":true}""", "Missing required property: template" },
        { "POST ", """{"template":"verify_email","body":"x","from":"","subject":"","syntax":"markdown","enabled":true}""", "syntax" },
        { "POST ", """{"template":"verify_email","body":"<p>\n{% for x in %}","from":"","subject":"","syntax":"liquid","enabled":true}""", "Invalid body template: line 2, column" },
        { "POST ", """{"template":"verify_email","body":"x","from":"","subject":"{{ user.name","syntax":"liquid","enabled":true}""", "Invalid subject template: line 1, column" },
        { "POST ", """{"template":"verify_email","body":"x","from":"{% if %}","subject":"","syntax":"liquid","enabled":true}""", "Invalid from template: line 1, column" },
        { "PATCH /blocked_account", """{"resultUrl":"{{"}""", "Invalid resultUrl template: line 1, column" },
        { "PATCH /blocked_account", "{}", "Too few properties" },
        { "PATCH /blocked_account", """{"urlLifetimeInSeconds":-1}""", "urlLifetimeInSeconds" },
        { "PATCH /blocked_account", """{"template":"verify_email"}""", "template" },
        { "PATCH /blocked_account", """{"html":"x"}""", "Additional properties not allowed: html" },
        { "PUT /blocked_account", """{"body":"x"}""", "Missing required property: template" },
    };

    [Theory, MemberData(nameof(Bad))]
    public async Task An_invalid_body_is_refused_by_name_and_changes_nothing(string request, string body, string named)
    {
        foreach (var engine in Enum.GetValues<Engine>())
        {
            var server = await servers.GetAsync(engine);
            var before = await DatabaseDump.TakeAsync(server.Database);

            var answer = await SendAsync(new ManagementApi(server), HttpMethod.Parse(request.Split(' ')[0]), request.Split(' ')[1], body);

            answer.ShouldBeError(HttpStatusCode.BadRequest, "invalid_body");
            ((string)answer.Json!["message"]!).ShouldContain(named);
            (await DatabaseDump.TakeAsync(server.Database)).ShouldBe(before);
        }
    }

    [Theory, Engines]
    public async Task A_kind_that_does_not_exist_is_refused(Engine engine)
    {
        var management = new ManagementApi(await servers.GetAsync(engine));

        (await management.SendAsync(HttpMethod.Get, Path + "/Verify_Email")).ShouldBeError(HttpStatusCode.BadRequest, "invalid_uri");
        (await SendAsync(management, HttpMethod.Patch, "/nothing", """{"enabled":true}""")).ShouldBeError(HttpStatusCode.BadRequest, "invalid_uri");
    }

    private static string Parsed(string json) => System.Text.Json.Nodes.JsonNode.Parse(json)!.ToJsonString();

    private static void ShouldBeMissing(Answer answer)
    {
        answer.ShouldBeError(HttpStatusCode.NotFound, "inexistent_email_template");
        ((string)answer.Json!["message"]!).ShouldBe("The template does not exist.");
    }

    private static Task<Answer> SendAsync(ManagementApi management, HttpMethod method, string path, string body) =>
        management.SendAsync(method, Path + path, new StringContent(body, Encoding.UTF8, "application/json"));
}
