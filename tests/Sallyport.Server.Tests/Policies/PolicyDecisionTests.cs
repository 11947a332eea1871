using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.IdentityModel.JsonWebTokens;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Policies;

/// <summary>Policies decide, over HTTP, whether a sign-in needs a second factor and who may enroll.</summary>
public sealed class PolicyDecisionTests(Servers servers) : IClassFixture<Servers>
{
    private const string Policies = "/guardian/policies";
    private const string Rules = "/guardian/policies/rules";
    private const string MultiFactor = "http://schemas.openid.net/pape/policies/2007/06/multi-factor";

    [Theory, Engines]
    public async Task Rules_are_replaced_and_returned(Engine engine)
    {
        var management = new ManagementApi(await servers.GetCleanAsync(engine));
        (await management.GetAsync(Rules)).ToJsonString().ShouldBe("""{"rules":[]}""");
        const string Body =
            """{"rules":[{"name":"Office","when":{"networks":["192.0.2.0/24"],"metadata":{"app_metadata.role":"admin"}},"require":false},{"name":"All","require":true,"self_service_enrollment":false}]}""";

        (await PutAsync(management, Rules, Body)).Text.ShouldBe(Body);

        (await management.GetAsync(Rules)).ToJsonString().ShouldBe(Body);
        (await management.GetAsync(Policies)).ToJsonString().ShouldBe("""["all-applications"]""");
    }

    [Theory, Engines]
    public async Task A_rule_that_is_wrong_is_refused_and_named(Engine engine)
    {
        var management = new ManagementApi(await servers.GetCleanAsync(engine));
        foreach (var (when, named) in new[]
        {
            ("""{"networks":["192.0.2.0/33"]}""", "rules[1].when.networks"), ("""{"networks":["192.0.2.1"]}""", "rules[1].when.networks"),
            ("""{"networks":[]}""", "rules[1].when.networks"), ("""{"networks":"192.0.2.0/24"}""", "rules[1].when.networks"),
            ("""{"network":["192.0.2.0/24"]}""", "rules[1].when.network"), ("""{"client_ids":[1]}""", "rules[1].when.client_ids"),
            ("""{"scopes":["a b"]}""", "rules[1].when.scopes"), ("""{"metadata":{"role":"admin"}}""", "rules[1].when.metadata"),
            ("""{"metadata":{"app_metadata.role":["admin"]}}""", "rules[1].when.metadata"), ("""{"metadata":"x"}""", "rules[1].when.metadata"),
            ("[]", "rules[1].when"), ("{}", "rules[1].when"),
        })
        {
            var answer = await PutAsync(management, Rules, $$"""{"rules":[{"name":"a","require":true},{"name":"b","require":true,"when":{{when}}}]}""");
            answer.ShouldBeError(HttpStatusCode.BadRequest, "invalid_body");
            ((string)answer.Json!["message"]!).ShouldContain(named);
        }

        foreach (var (body, named) in new[]
        {
            ("{}", "rules"), ("""{"rules":{}}""", "rules"), ("""{"rules":[{"name":"a"}]}""", "rules[0].require"), ("""{"rules":[{"require":true}]}""", "rules[0].name"),
            ("""{"rules":[{"name":"a","require":"no"}]}""", "rules[0].require"), ("""{"rules":[{"name":"a","require":true,"then":1}]}""", "rules[0].then"),
            ("""{"rules":[],"default":true}""", "default"),
        })
        {
            var answer = await PutAsync(management, Rules, body);
            answer.ShouldBeError(HttpStatusCode.BadRequest, "invalid_body");
            ((string)answer.Json!["message"]!).ShouldContain(named);
        }

        (await management.GetAsync(Rules)).ToJsonString().ShouldBe("""{"rules":[]}""");
    }

    [Theory, Engines]
    public async Task A_sign_in_that_needs_no_second_factor_posts_its_result_at_once(Engine engine)
    {
        var (person, application) = await CreateAsync(engine);
        await person.EnrollAsync();
        (await application.StartAsync(person)).Json["required"]!.GetValue<bool>().ShouldBeTrue();
        await SetAsync(person, Policies, "[]");

        var signIn = await application.StartAsync(person, new() { ["nonce"] = "n-1" });

        signIn.Json["required"]!.GetValue<bool>().ShouldBeFalse();
        var state = await application.GetAsync(signIn);
        ((string)state["state"]!, (bool)state["required"]!).ShouldBe(("accepted", false));
        (await person.TryStartSignInAsync(signIn)).ShouldBeError(HttpStatusCode.Unauthorized, "invalid_token");
        var signature = (await new PageVisitor(person.Server).FindResultAsync(signIn)).ShouldNotBeNull();
        var result = new JsonWebToken(signature);
        result.GetPayloadValue<string>("txid").ShouldBe(signIn.Id);
        result.GetPayloadValue<string>("nonce").ShouldBe("n-1");
        result.GetPayloadValue<string[]>("amr").ShouldBeEmpty();
        result.TryGetPayloadValue<string>("acr", out _).ShouldBeFalse();
        result.GetPayloadValue<bool>("remember_browser").ShouldBeFalse();
        var redeemed = (await application.RedeemAsync(signIn)).ShouldBe(HttpStatusCode.OK);
        redeemed["amr"].Texts().ShouldBeEmpty();
        redeemed["acr"].ShouldBeNull();
        (await application.RedeemAsync(signIn, signature)).ShouldBeError(HttpStatusCode.Conflict, "transaction_redeemed");
        (await new PageVisitor(person.Server).FindResultAsync(signIn)).ShouldBeNull();
    }

    [Theory, Engines]
    public async Task A_block_ends_a_sign_in_that_needs_no_second_factor(Engine engine)
    {
        var (person, application) = await CreateAsync(engine);
        await SetAsync(person, Policies, "[]");
        var signIn = await application.StartAsync(person);

        (await person.PatchAsync(new { blocked = true })).ShouldBe(HttpStatusCode.OK);

        (await new PageVisitor(person.Server).OpenAsync(signIn)).Status.ShouldBe(HttpStatusCode.Gone);
        (await application.RedeemAsync(signIn)).ShouldBeError(HttpStatusCode.Conflict, "transaction_expired");
    }

    [Theory, Engines]
    public async Task Rules_see_what_the_backend_says_about_the_sign_in(Engine engine)
    {
        var (person, application) = await CreateAsync(engine);
        await person.EnrollAsync();
        (await person.PatchAsync(new { app_metadata = new { role = "guest" } })).ShouldBe(HttpStatusCode.OK);
        await SetAsync(person, Rules, $$$"""
            {"rules":[
                {"name":"scope","when":{"scopes":["transfer"]},"require":true},
                {"name":"network","when":{"networks":["192.0.2.0/24"]},"require":false},
                {"name":"connection","when":{"connections":["employees"]},"require":false},
                {"name":"metadata","when":{"metadata":{"app_metadata.role":"guest"},"acr_values":["urn:low"]},"require":false},
                {"name":"client","when":{"client_ids":["{{{application.ClientId}}}"]},"require":true}]}
            """);

        foreach (var (changes, required, rule) in new (JsonObject, bool, string)[]
        {
            ([], true, "client"),
            (new() { ["ip"] = "192.0.2.9" }, false, "network"),
            (new() { ["ip"] = "198.51.100.9" }, true, "client"),
            (new() { ["ip"] = "192.0.2.9", ["scope"] = "openid transfer" }, true, "scope"),
            (new() { ["connection"] = "employees" }, false, "connection"),
            (new() { ["acr_values"] = "urn:low" }, false, "metadata"),
            (new() { ["ip"] = "192.0.2.9", ["acr_values"] = MultiFactor }, true, "network"),
        })
        {
            var signIn = await application.StartAsync(person, changes);
            signIn.Json["required"]!.GetValue<bool>().ShouldBe(required, changes.ToJsonString());
            (await new PageVisitor(person.Server).FindResultAsync(signIn) is null).ShouldBe(required);
            var explained = await ExplainAsync(person, application, changes);
            ((bool)explained["required"]!, (string)explained["rule"]!["name"]!).ShouldBe((required, rule));
        }

        (await application.TryStartAsync(person.UserId, new() { ["ip"] = "192.0.2" })).ShouldBeError(HttpStatusCode.BadRequest, "invalid_body");
    }

    [Theory, Engines]
    public async Task A_rule_that_forbids_enrollment_offers_nothing(Engine engine)
    {
        var (person, application) = await CreateAsync(engine);
        ((bool)(await ExplainAsync(person, application, []))["self_service_enrollment"]!).ShouldBeTrue();
        await SetAsync(person, Rules, """{"rules":[{"name":"By invitation","require":true,"self_service_enrollment":false}]}""");

        var flow = await person.StartSignInAsync(await application.StartAsync(person, new() { ["self_service_enrollment"] = true }));

        flow.Json["available_enrollment_methods"].Texts().ShouldBeEmpty();
        flow.Json["device_account"]!["otp_secret"].ShouldBeNull();
        (await person.CountAsync("authenticator")).ShouldBe(0);
        var explained = await ExplainAsync(person, application, []);
        ((bool)explained["required"]!, (bool)explained["enrolled"]!, (bool)explained["self_service_enrollment"]!).ShouldBe((true, false, false));
        (await person.EnrollAsync()).IsEnrolling.ShouldBeTrue("a ticket is the way in");
        ((bool)(await ExplainAsync(person, application, []))["enrolled"]!).ShouldBeTrue();
    }

    [Theory, Engines]
    public async Task Explain_names_what_has_decided_and_changes_nothing(Engine engine)
    {
        var (person, application) = await CreateAsync(engine);
        var before = await DatabaseDump.TakeAsync(person.Server.Database);
        (await ExplainAsync(person, application, [])).ToJsonString().ShouldBe(
            """{"required":true,"decided_by":"default","enrolled":false,"self_service_enrollment":true}""");
        (await DatabaseDump.TakeAsync(person.Server.Database)).ShouldBe(before);

        await SetAsync(person, Policies, "[]");
        (await ExplainAsync(person, application, [])).ToJsonString().ShouldBe(
            """{"required":false,"decided_by":"policies","enrolled":false,"self_service_enrollment":false}""");
        await SetAsync(person, Policies, """["all-applications"]""");
        ((string)(await ExplainAsync(person, application, []))["decided_by"]!).ShouldBe("policies");
        ((string)(await ExplainAsync(person, application, new() { ["acr_values"] = MultiFactor }))["decided_by"]!).ShouldBe("acr_values");
        await SetAsync(person, Rules, """{"rules":[{"name":"Never","require":false}]}""");
        (await ExplainAsync(person, application, [])).ToJsonString().ShouldBe(
            """{"required":false,"decided_by":"rule","rule":{"index":0,"name":"Never"},"enrolled":false,"self_service_enrollment":false}""");

        (await TryExplainAsync(person, application, new() { ["user_id"] = "auth0|nobody" })).ShouldBeError(HttpStatusCode.NotFound, "inexistent_user");
        (await TryExplainAsync(person, application, new() { ["client_id"] = "none" })).ShouldBeError(HttpStatusCode.BadRequest, "invalid_body");
        (await TryExplainAsync(person, application, new() { ["ip"] = "here" })).ShouldBeError(HttpStatusCode.BadRequest, "invalid_body");
    }

    private static async Task<JsonNode> ExplainAsync(Person person, Application application, JsonObject changes) =>
        (await TryExplainAsync(person, application, changes)).ShouldBe(HttpStatusCode.OK);

    private static Task<Answer> TryExplainAsync(Person person, Application application, JsonObject changes)
    {
        var body = new JsonObject { ["user_id"] = person.UserId, ["client_id"] = application.ClientId };
        foreach (var (name, value) in changes)
        {
            body[name] = value!.DeepClone();
        }

        return person.Management.SendAsync(HttpMethod.Post, Policies + "/explain", body);
    }

    private static async Task SetAsync(Person person, string path, string body) => (await PutAsync(person.Management, path, body)).ShouldBe(HttpStatusCode.OK);

    private static Task<Answer> PutAsync(ManagementApi management, string path, string body) =>
        management.SendAsync(HttpMethod.Put, path, new StringContent(body, Encoding.UTF8, "application/json"));

    private async Task<(Person Person, Application Application)> CreateAsync(Engine engine)
    {
        var server = await servers.GetCleanAsync(engine);
        return (await Person.CreateAsync(server), await Application.CreateAsync(server));
    }
}
