using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;
using Sallyport.Server.Audit;
using Sallyport.Server.Clients;
using Sallyport.Server.Factors;
using Sallyport.Server.Http.Payloads;
using Sallyport.Server.Storage;
using Sallyport.Server.Users;

namespace Sallyport.Server.Policies;

internal enum ExplainPolicyOutcome
{
    Explained,
    UserNotFound,
    ClientNotFound,
}

/// <summary>Answers what a sign-in would ask for, and why. Changes nothing.</summary>
internal sealed class ExplainPolicy(Database database, FactorCatalog catalog)
{
    public async ValueTask<(ExplainPolicyOutcome Outcome, PolicyExplanation? Explanation)> RunAsync(
        CallContext call, ExplainPolicyRequest request, CancellationToken cancellationToken)
    {
        var (client, user, factors, policies) = await database.ReadAsync(
            async session => (
                await ClientStore.FindAsync(session, call.Tenant, request.ClientId, cancellationToken),
                await UserStore.FindAsync(session, call.Tenant, request.UserId, cancellationToken),
                await catalog.WithoutUnconfiguredAsync(
                    session, call.Tenant, await UserFactors.FindAsync(session, call.Tenant, request.UserId, cancellationToken), cancellationToken),
                await PolicyStore.GetPoliciesAsync(session, call.Tenant, cancellationToken)),
            cancellationToken);
        if (user is null || client is not { IsGlobal: false })
        {
            return (user is null ? ExplainPolicyOutcome.UserNotFound : ExplainPolicyOutcome.ClientNotFound, null);
        }

        var decision = policies.Decide(PolicyStore.CircumstancesOf(request, user));
        var settings = JsonSerializer.Deserialize(client.Settings, ClientJson.Default.ClientResponse)!;
        return (ExplainPolicyOutcome.Explained, new PolicyExplanation
        {
            IsRequired = decision.IsRequired,
            DecidedBy = decision.Reason switch
            {
                PolicyReason.AcrValues => "acr_values",
                PolicyReason.Rule => "rule",
                PolicyReason.Policies => "policies",
                PolicyReason.Default => "default",
            },
            Rule = decision.Rule is var (index, rule) ? new MatchingRule(index, rule.Name) : null,
            IsEnrolled = factors.IsEnrolled,
            OffersEnrollment = decision.IsRequired && !factors.IsEnrolled && decision.AllowsSelfService(requested: null, settings)
                && catalog.Enrollable(factors).Any(),
        });
    }
}

/// <summary>The facts about a sign-in that the backend knows and that policies decide by.</summary>
public abstract record PolicyRequest
{
    [JsonPropertyName("user_id"), JsonRequired, RegularExpression(@"^[^|]+\|.+$"), StringLength(300)]
    public string UserId { get; init; } = "";

    /// <summary>The application that the user signs in to.</summary>
    [JsonPropertyName("client_id"), JsonRequired, StringLength(255, MinimumLength = 1)]
    public string ClientId { get; init; } = "";

    /// <summary>The address of the user.</summary>
    [JsonPropertyName("ip"), NullableOnWire, IpAddress]
    public string? Ip { get; init; }

    /// <summary>The connection by which the user has signed in. Without it the user's connection counts.</summary>
    [JsonPropertyName("connection"), NullableOnWire, StringLength(128, MinimumLength = 1)]
    public string? Connection { get; init; }

    /// <summary>The scopes that the application asks for, separated by spaces.</summary>
    [JsonPropertyName("scope"), NullableOnWire, StringLength(2048, MinimumLength = 1)]
    public string? Scope { get; init; }

    /// <summary>Separated by spaces.</summary>
    [JsonPropertyName("acr_values"), NullableOnWire, StringLength(512, MinimumLength = 1)]
    public string? AcrValues { get; init; }
}

/// <summary>Body of <c>POST /guardian/policies/explain</c>.</summary>
public sealed record ExplainPolicyRequest : PolicyRequest;

public sealed record PolicyExplanation
{
    /// <summary>Whether the sign-in needs a second factor.</summary>
    [JsonPropertyName("required")]
    public required bool IsRequired { get; init; }

    /// <summary><c>acr_values</c>, <c>rule</c>, <c>policies</c>, or <c>default</c> if no policy was ever set.</summary>
    [JsonPropertyName("decided_by")]
    public required string DecidedBy { get; init; }

    /// <summary>The first rule that matches; missing if there is none.</summary>
    [JsonPropertyName("rule")]
    public MatchingRule? Rule { get; init; }

    /// <summary>Whether the user has a confirmed authenticator.</summary>
    [JsonPropertyName("enrolled")]
    public required bool IsEnrolled { get; init; }

    /// <summary>Whether the user would be offered to enroll one.</summary>
    [JsonPropertyName("self_service_enrollment")]
    public required bool OffersEnrollment { get; init; }
}

/// <param name="Index">Its position in the list, from 0.</param>
public sealed record MatchingRule([property: JsonPropertyName("index")] int Index, [property: JsonPropertyName("name")] string Name);
