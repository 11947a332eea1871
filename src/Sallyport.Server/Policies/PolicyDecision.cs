using Sallyport.Server.Clients;

namespace Sallyport.Server.Policies;

/// <summary>The reason why a second factor is needed or not.</summary>
internal enum PolicyReason
{
    /// <summary>The application asks for multi-factor.</summary>
    AcrValues,

    Rule,

    /// <summary>The list of <c>/guardian/policies</c>.</summary>
    Policies,

    /// <summary>Nothing was ever set: a second factor is needed.</summary>
    Default,
}

/// <param name="Rule">The rule that matches and its position; it decides about enrollment even if something else requires the factor.</param>
internal sealed record PolicyDecision(bool IsRequired, PolicyReason Reason, (int Index, SignInRule Rule)? Rule)
{
    private const string ClientSetting = "self_service_enrollment";

    /// <summary>
    /// Whether a user without an authenticator may enroll one. A rule that forbids it is final. Otherwise the request, the rule and the
    /// client's <c>client_metadata.self_service_enrollment</c> count, in this order.
    /// </summary>
    /// <param name="requested">Null if the request does not say.</param>
    public bool AllowsSelfService(bool? requested, ClientResponse client) =>
        Rule?.Rule.SelfServiceEnrollment is not false && (requested ?? Rule?.Rule.SelfServiceEnrollment ?? IsAllowedBy(client));

    /// <summary>Any value but <c>"true"</c> switches it off.</summary>
    private static bool IsAllowedBy(ClientResponse client) =>
        client.ClientMetadata?.TryGetValue(ClientSetting, out var value) != true
        || value.ToString().Equals("true", StringComparison.OrdinalIgnoreCase);
}

/// <summary>The policies of a tenant. Decides without I/O.</summary>
/// <param name="Applications">The list of <c>/guardian/policies</c>; null if it was never set.</param>
internal sealed record TenantPolicies(IReadOnlyList<string>? Applications, IReadOnlyList<SignInRule> Rules)
{
    public PolicyDecision Decide(SignInCircumstances signIn)
    {
        var matching = Rules.Index().Where(rule => rule.Item.When?.Match(signIn) != false).Take(1).ToList();
        (int, SignInRule)? found = matching is [var first] ? first : null;
        return signIn.AcrValues.Contains(AuthenticationContext.MultiFactor, StringComparer.Ordinal) ? new PolicyDecision(true, PolicyReason.AcrValues, found)
            : found is (_, var rule) ? new PolicyDecision(rule.Require, PolicyReason.Rule, found)
            : Applications is null ? new PolicyDecision(true, PolicyReason.Default, null)
            // "confidence-score" is not computed here, so every sign-in is as doubtful as it can be.
            : new PolicyDecision(Applications.Count > 0, PolicyReason.Policies, null);
    }
}
