using System.Net;
using System.Text;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Policies;

public sealed class PolicyTests(Servers servers) : IClassFixture<Servers>
{
    private const string Policies = "/guardian/policies";
    private const string Settings = "/guardian/settings";

    [Theory, Engines]
    public async Task Policies_are_replaced_and_returned_as_an_array(Engine engine)
    {
        var server = await servers.GetCleanAsync(engine);
        var management = new ManagementApi(server);
        // A second factor is required until something is set, so writing back what was read must not switch it off.
        (await management.GetAsync(Policies)).ToJsonString().ShouldBe("""["all-applications"]""");

        foreach (var body in new[] { """["all-applications"]""", """["confidence-score","all-applications"]""", "[]" })
        {
            var answer = await PutAsync(management, Policies, body);
            answer.ShouldBe(HttpStatusCode.OK);
            answer.Text.ShouldBe(body);
            (await management.GetAsync(Policies)).ToJsonString().ShouldBe(body);
        }
    }

    [Theory, Engines]
    public async Task Settings_of_remembered_browsers_have_defaults_and_are_replaced(Engine engine)
    {
        var server = await servers.GetCleanAsync(engine);
        var management = new ManagementApi(server);
        (await management.GetAsync(Settings)).ToJsonString().ShouldBe(
            """{"display_remember_me_checkbox":true,"remember_me_default_value":false,"mfa_session_inactivity_timeout":604800,"mfa_session_overall_timeout":2592000}""");
        const string Body =
            """{"mfa_session_overall_timeout":7776000,"display_remember_me_checkbox":false,"remember_me_default_value":true,"mfa_session_inactivity_timeout":3600}""";

        var answer = await PutAsync(management, Settings, Body);

        answer.Text.ShouldBe(Body);
        (await management.GetAsync(Settings)).ToJsonString().ShouldBe(
            """{"display_remember_me_checkbox":false,"remember_me_default_value":true,"mfa_session_inactivity_timeout":3600,"mfa_session_overall_timeout":7776000}""");
    }

    public static TheoryData<string, string, string> Bad() => new()
    {
        { Policies, """["never"]""", "all-applications" },
        { Policies, """["all-applications","confidence-score","all-applications"]""", "not unique (indexes 0 and 2)" },
        { Policies, "[1]", "array of strings" },
        { Policies, """{"policies":[]}""", "Expected type array but found type object" },
        { Policies, "null", "Expected type array" },
        { Settings, """{"display_remember_me_checkbox":true}""", "Missing required property" },
        { Settings, Session(3600, 3599), "mfa_session_overall_timeout" },
        { Settings, Session(3600, 7776001), "mfa_session_overall_timeout" },
        { Settings, Session(2592001, 7776000), "mfa_session_inactivity_timeout" },
        { Settings, Session(7200, 7199), "mfa_session_inactivity_timeout" },
    };

    [Theory, MemberData(nameof(Bad))]
    public async Task An_invalid_body_is_refused_by_name_and_changes_nothing(string path, string body, string named)
    {
        foreach (var engine in Enum.GetValues<Engine>())
        {
            var server = await servers.GetAsync(engine);
            var before = await DatabaseDump.TakeAsync(server.Database);

            var answer = await PutAsync(new ManagementApi(server), path, body);

            answer.ShouldBeError(HttpStatusCode.BadRequest, "invalid_body");
            ((string)answer.Json!["message"]!).ShouldContain(named);
            (await DatabaseDump.TakeAsync(server.Database)).ShouldBe(before);
        }
    }

    private static string Session(int inactivity, int overall) =>
        $$"""{"display_remember_me_checkbox":true,"remember_me_default_value":true,"mfa_session_inactivity_timeout":{{inactivity}},"mfa_session_overall_timeout":{{overall}}}""";

    private static Task<Answer> PutAsync(ManagementApi management, string path, string body) =>
        management.SendAsync(HttpMethod.Put, path, new StringContent(body, Encoding.UTF8, "application/json"));
}
