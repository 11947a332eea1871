using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Factors;

public sealed class FactorTests(Servers servers) : IClassFixture<Servers>
{
    [Theory, Engines]
    public async Task The_list_has_eight_factors_in_the_published_order(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);

        var factors = await new ManagementApi(server).GetAsync("/guardian/factors");

        factors.ToJsonString().ShouldBe("[" + string.Join(',', new (string Name, bool Enabled)[]
        {
            ("sms", false), ("push-notification", false), ("otp", true), ("email", false), ("duo", false),
            ("webauthn-roaming", false), ("webauthn-platform", false), ("recovery-code", true),
        }.Select(factor => new JsonObject
        {
            ["name"] = factor.Name,
            ["enabled"] = factor.Enabled,
            ["trial_expired"] = false,
        }.ToJsonString())) + "]");
    }

    [Theory, Engines]
    public async Task Every_factor_can_be_switched_and_the_answer_repeats_what_was_sent(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var management = new ManagementApi(server);

        foreach (var enabled in new[] { true, false })
        {
            foreach (var factor in (await management.GetAsync("/guardian/factors")).AsArray())
            {
                var answer = await management.SendAsync(HttpMethod.Put, $"/guardian/factors/{factor!["name"]}", new { enabled });
                answer.ShouldBe(HttpStatusCode.OK).ToJsonString().ShouldBe($$"""{"enabled":{{(enabled ? "true" : "false")}}}""");
            }

            var factors = (await management.GetAsync("/guardian/factors")).AsArray();
            factors.ShouldAllBe(factor => (bool)factor!["enabled"]! == enabled);
        }
    }

    [Theory]
    [InlineData("fax", """{"enabled":true}""", "invalid_uri")]
    [InlineData("OTP", """{"enabled":true}""", "invalid_uri")]
    [InlineData("otp%20", """{"enabled":true}""", "invalid_uri")]
    [InlineData("otp", "{}", "invalid_body")]
    [InlineData("otp", """{"enabled":"true"}""", "invalid_body")]
    [InlineData("otp", """{"enabled":null}""", "invalid_body")]
    [InlineData("otp", """{"enabled":true,"trial_expired":false}""", "invalid_body")]
    public async Task A_bad_name_or_body_is_refused(string name, string body, string errorCode)
    {
        foreach (var engine in Enum.GetValues<Engine>())
        {
            var server = await servers.GetAsync(engine);
            var before = await DatabaseDump.TakeAsync(server.Database);

            var answer = await new ManagementApi(server).SendAsync(
                HttpMethod.Put, "/guardian/factors/" + name, new StringContent(body, Encoding.UTF8, "application/json"));

            answer.ShouldBeError(HttpStatusCode.BadRequest, errorCode);
            (await DatabaseDump.TakeAsync(server.Database)).ShouldBe(before);
        }
    }
}
