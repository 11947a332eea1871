using System.Net;
using System.Text.Json;
using Sallyport.Server.Clients;
using Sallyport.Server.Policies;

namespace Sallyport.Server.Tests.Policies;

/// <summary>Which rule decides about a sign-in, without I/O.</summary>
public sealed class SignInRulesTests
{
    private static readonly SignInCircumstances SignIn = new("app-1", "db")
    {
        Address = IPAddress.Parse("192.0.2.77"),
        Scopes = ["openid", "transfer"],
        AcrValues = ["urn:silver"],
        AppMetadata = Json("""{"role":"admin","level":3,"flags":{"beta":true},"roles":["admin"]}"""),
        UserMetadata = Json("""{"use_mfa":true}"""),
    };

    [Theory]
    [InlineData("""{"client_ids":["x","app-1"]}""", true)]
    [InlineData("""{"client_ids":["APP-1"]}""", false)]
    [InlineData("""{"connections":["db"]}""", true)]
    [InlineData("""{"connections":["employees"]}""", false)]
    [InlineData("""{"networks":["10.0.0.0/8","192.0.2.0/24"]}""", true)]
    [InlineData("""{"networks":["192.0.2.77/32"]}""", true)]
    [InlineData("""{"networks":["0.0.0.0/0"]}""", true)]
    [InlineData("""{"networks":["192.0.3.0/24","2001:db8::/32","::/0"]}""", false)]
    [InlineData("""{"scopes":["transfer"]}""", true)]
    [InlineData("""{"scopes":["trans","transfer:all"]}""", false)]
    [InlineData("""{"acr_values":["urn:gold","urn:silver"]}""", true)]
    [InlineData("""{"acr_values":["urn:gold"]}""", false)]
    [InlineData("""{"metadata":{"app_metadata.role":"admin"}}""", true)]
    [InlineData("""{"metadata":{"app_metadata.role":"admin","user_metadata.use_mfa":true}}""", true)]
    [InlineData("""{"metadata":{"app_metadata.role":"admin","user_metadata.use_mfa":false}}""", false)]
    [InlineData("""{"metadata":{"app_metadata.level":3}}""", true)]
    [InlineData("""{"metadata":{"app_metadata.level":"3"}}""", false)]
    [InlineData("""{"metadata":{"app_metadata.flags.beta":true}}""", true)]
    [InlineData("""{"metadata":{"app_metadata.roles":"admin"}}""", false)]
    [InlineData("""{"metadata":{"app_metadata.missing":"admin"}}""", false)]
    [InlineData("""{"metadata":{"app_metadata.role.deeper":"admin"}}""", false)]
    [InlineData("""{"metadata":{"user_metadata.role":"admin"}}""", false)]
    [InlineData("""{"client_ids":["app-1"],"scopes":["transfer"],"networks":["192.0.2.0/24"]}""", true)]
    [InlineData("""{"client_ids":["app-1"],"scopes":["read"],"networks":["192.0.2.0/24"]}""", false)]
    public void A_rule_matches_if_all_of_its_conditions_are_true(string when, bool matches) =>
        Conditions(when).Match(SignIn).ShouldBe(matches);

    [Theory]
    [InlineData("""{"networks":["0.0.0.0/0","::/0"]}""")]
    [InlineData("""{"scopes":["openid"]}""")]
    [InlineData("""{"acr_values":["urn:silver"]}""")]
    [InlineData("""{"metadata":{"app_metadata.role":"admin"}}""")]
    public void A_condition_on_what_is_not_known_is_false(string when) =>
        Conditions(when).Match(new SignInCircumstances("app-1", "db")).ShouldBeFalse();

    [Theory]
    [InlineData("192.0.2.1", "192.0.2.0/24")]
    [InlineData("::ffff:192.0.2.1", "192.0.2.0/24")]
    [InlineData("2001:db8::1", "2001:db8::/32")]
    public void Addresses_of_both_families_are_found_in_their_network(string ip, string network) =>
        Conditions($$"""{"networks":["{{network}}"]}""").Match(SignIn with { Address = SignInCircumstances.ParseAddress(ip) }).ShouldBeTrue();

    [Fact]
    public void The_first_rule_that_matches_decides()
    {
        var policies = new TenantPolicies([], [
            Rule("other", require: true, """{"client_ids":["other"]}"""), Rule("office", require: false, """{"networks":["192.0.2.0/24"]}"""), Rule("all", require: true),
        ]);

        var inside = policies.Decide(SignIn);
        (inside.IsRequired, inside.Reason, inside.Rule!.Value.Index, inside.Rule.Value.Rule.Name).ShouldBe((false, PolicyReason.Rule, 1, "office"));
        var outside = policies.Decide(SignIn with { Address = null });
        (outside.IsRequired, outside.Rule!.Value.Rule.Name).ShouldBe((true, "all"));
    }

    [Fact]
    public void Multi_factor_that_the_application_asks_for_is_required_whatever_the_rules_say()
    {
        var policies = new TenantPolicies([], [Rule("never", require: false)]);

        var decision = policies.Decide(SignIn with { AcrValues = ["urn:x", AuthenticationContext.MultiFactor] });

        (decision.IsRequired, decision.Reason, decision.Rule!.Value.Rule.Name).ShouldBe((true, PolicyReason.AcrValues, "never"));
    }

    [Theory]
    [InlineData(null, true, "Default")]
    [InlineData("", false, "Policies")]
    [InlineData("all-applications", true, "Policies")]
    [InlineData("confidence-score", true, "Policies")]
    public void Without_a_rule_the_list_of_policies_decides(string? list, bool isRequired, string reason)
    {
        var decision = new TenantPolicies(list?.Split(' ', StringSplitOptions.RemoveEmptyEntries), []).Decide(SignIn);

        (decision.IsRequired, decision.Reason.ToString(), decision.Rule).ShouldBe((isRequired, reason, null));
    }

    /// <param name="rule">What the rule says, then what the request says, then the client.</param>
    [Theory]
    [InlineData(null, null, true, true)]
    [InlineData(null, null, false, false)]
    [InlineData(null, true, false, true)]
    [InlineData(null, false, true, false)]
    [InlineData(true, null, false, true)]
    [InlineData(true, false, true, false)]
    [InlineData(false, null, true, false)]
    [InlineData(false, true, true, false)]
    public void A_rule_that_forbids_enrollment_is_final(bool? rule, bool? request, bool client, bool isAllowed)
    {
        var decision = new TenantPolicies(null, [Rule("rule", require: true) with { SelfServiceEnrollment = rule }]).Decide(SignIn);
        var settings = JsonSerializer.Deserialize(
            client ? """{"client_id":"a"}""" : """{"client_id":"a","client_metadata":{"self_service_enrollment":"false"}}""",
            ClientJson.Default.ClientResponse)!;

        decision.AllowsSelfService(request, settings).ShouldBe(isAllowed);
    }

    [Theory]
    [InlineData("192.0.2.1", true)]
    [InlineData("2001:db8::1", true)]
    [InlineData("::ffff:192.0.2.1", true)]
    [InlineData("192.0.2", false)]
    [InlineData("1", false)]
    [InlineData("0x7f.1", false)]
    [InlineData("192.0.2.256", false)]
    [InlineData("192.0.2.1/32", false)]
    [InlineData("[2001:db8::1]", false)]
    [InlineData("fe80::1%eth0", false)]
    [InlineData("localhost", false)]
    [InlineData("", false)]
    public void An_address_is_written_in_full(string ip, bool isValid) => new IpAddressAttribute().IsValid(ip).ShouldBe(isValid);

    private static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement;

    private static RuleConditions Conditions(string json) => JsonSerializer.Deserialize<RuleConditions>(json)!;

    private static SignInRule Rule(string name, bool require, string? when = null) =>
        new() { Name = name, Require = require, When = when is null ? null : Conditions(when) };
}
