using System.Text.Json.Serialization;
using Sallyport.Server.Factors;

namespace Sallyport.Server.AuthenticationMethods;

/// <summary>An authentication method. Unknown values are left out; no secret is ever part of it.</summary>
public sealed record AuthenticationMethodResponse
{
    [JsonPropertyName("id")]
    public required string Id { get; init; }

    [JsonPropertyName("type")]
    public required string Type { get; init; }

    [JsonPropertyName("confirmed")]
    public bool? Confirmed { get; init; }

    [JsonPropertyName("name")]
    public string? Name { get; init; }

    [JsonPropertyName("authentication_methods")]
    public IReadOnlyList<AuthenticationMethodPart>? AuthenticationMethods { get; init; }

    [JsonPropertyName("preferred_authentication_method")]
    public string? PreferredMethod { get; init; }

    [JsonPropertyName("link_id")]
    public string? LinkId { get; init; }

    [JsonPropertyName("phone_number")]
    public string? PhoneNumber { get; init; }

    [JsonPropertyName("email")]
    public string? Email { get; init; }

    [JsonPropertyName("key_id")]
    public string? KeyId { get; init; }

    [JsonPropertyName("public_key")]
    public string? PublicKey { get; init; }

    [JsonPropertyName("relying_party_identifier")]
    public string? RelyingPartyIdentifier { get; init; }

    [JsonPropertyName("aaguid")]
    public string? Aaguid { get; init; }

    [JsonPropertyName("credential_device_type")]
    public string? CredentialDeviceType { get; init; }

    [JsonPropertyName("credential_backed_up")]
    public bool? CredentialBackedUp { get; init; }

    [JsonPropertyName("identity_user_id")]
    public string? IdentityUserId { get; init; }

    [JsonPropertyName("user_agent")]
    public string? UserAgent { get; init; }

    [JsonPropertyName("user_handle")]
    public string? UserHandle { get; init; }

    [JsonPropertyName("transports")]
    public IReadOnlyList<string>? Transports { get; init; }

    [JsonPropertyName("created_at")]
    public required DateTimeOffset CreatedAt { get; init; }

    [JsonPropertyName("enrolled_at")]
    public DateTimeOffset? EnrolledAt { get; init; }

    [JsonPropertyName("last_auth_at")]
    public DateTimeOffset? LastAuthAt { get; init; }

    /// <summary>The response to a read: with the history of the method, and masked.</summary>
    internal static AuthenticationMethodResponse Read(Authenticator authenticator, IStoredFactor factor, MethodDisplay display) =>
        Written(authenticator, factor, display) with
        {
            Confirmed = authenticator.Status == AuthenticatorStatus.Confirmed,
            EnrolledAt = authenticator.EnrolledAt,
            LastAuthAt = authenticator.LastAuthAt,
        };

    /// <summary>The response to a write: every written method is confirmed and has no history yet.</summary>
    internal static AuthenticationMethodResponse Written(Authenticator authenticator, IStoredFactor factor, MethodDisplay display)
    {
        var details = factor.Describe(authenticator);
        var credential = details.Credential;
        return new AuthenticationMethodResponse
        {
            Id = MethodIds.Of(authenticator, factor.Traits),
            Type = factor.Traits.MethodType,
            Name = authenticator.Name,
            AuthenticationMethods = PartsOf(authenticator, details, display.Channels.GetValueOrDefault(authenticator.Factor)),
            PreferredMethod = details.PreferredMethod,
            LinkId = authenticator.LinkId,
            PhoneNumber = display.MasksPhoneNumber ? Masking.PhoneNumber(details.PhoneNumber) : details.PhoneNumber,
            Email = display.MasksEmail ? Masking.Email(details.Email) : details.Email,
            KeyId = details.KeyId,
            PublicKey = credential?.PublicKey,
            RelyingPartyIdentifier = credential?.RelyingPartyIdentifier,
            Aaguid = credential?.Aaguid,
            CredentialDeviceType = credential?.DeviceType,
            CredentialBackedUp = credential?.BackedUp,
            IdentityUserId = credential?.IdentityUserId,
            UserAgent = credential?.UserAgent,
            UserHandle = credential?.UserHandle,
            Transports = credential?.Transports,
            CreatedAt = authenticator.CreatedAt,
        };
    }

    /// <summary>A phone has a part for each channel that the tenant allows. With one channel it is the one that the person prefers.</summary>
    private static IReadOnlyList<AuthenticationMethodPart>? PartsOf(
        Authenticator authenticator, AuthenticatorDetails details, IReadOnlyList<string>? channels) =>
        details.PreferredMethod is { } preferred
            ? [.. (channels is { Count: > 1 } ? channels : [preferred]).Select(channel => new AuthenticationMethodPart(channel, $"{channel}|{authenticator.Id}"))]
            : null;
}

/// <summary>How a phone is reached: by text message or by call.</summary>
public sealed record AuthenticationMethodPart(
    [property: JsonPropertyName("type")] string Type,
    [property: JsonPropertyName("id")] string Id);

/// <summary>A page of methods with totals. The published API leaves out a total of zero.</summary>
public sealed record AuthenticationMethodPage(
    [property: JsonPropertyName("authenticators")] IReadOnlyList<AuthenticationMethodResponse> Authenticators,
    [property: JsonPropertyName("total")] int? Total,
    [property: JsonPropertyName("start")] int Start,
    [property: JsonPropertyName("limit")] int Limit);
