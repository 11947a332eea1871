using System.Text.Json.Serialization;
using Sallyport.Server.Factors;

namespace Sallyport.Server.Transactions;

/// <summary>The answer of <c>start-flow</c> (docs/wire.md §1.4). A property that does not apply is left out: clients test for presence.</summary>
public sealed record StartFlowResponse
{
    [JsonPropertyName("transaction_token")]
    public required string TransactionToken { get; init; }

    /// <summary>Its presence is the published client's only test for "not enrolled".</summary>
    [JsonPropertyName("enrollment_tx_id")]
    public string? EnrollmentTransactionId { get; init; }

    [JsonPropertyName("device_account")]
    public required DeviceAccountResponse DeviceAccount { get; init; }

    [JsonPropertyName("available_enrollment_methods")]
    public required IReadOnlyList<string> AvailableEnrollmentMethods { get; init; }

    [JsonPropertyName("available_authentication_methods")]
    public required IReadOnlyList<string> AvailableAuthenticationMethods { get; init; }

    [JsonPropertyName("feature_switches")]
    public required FeatureSwitchesResponse FeatureSwitches { get; init; }

    public override string ToString() => "***";
}

public sealed record DeviceAccountResponse
{
    [JsonPropertyName("id")]
    public string? Id { get; init; }

    [JsonPropertyName("status")]
    public required string Status { get; init; }

    [JsonPropertyName("otp_secret")]
    public string? OtpSecret { get; init; }

    [JsonPropertyName("recovery_code")]
    public string? RecoveryCode { get; init; }

    [JsonPropertyName("name")]
    public string? Name { get; init; }

    [JsonPropertyName("push_notifications")]
    public FeatureEnabled? PushNotifications { get; init; }

    [JsonPropertyName("methods")]
    public IReadOnlyList<string>? Methods { get; init; }

    [JsonPropertyName("available_methods")]
    public IReadOnlyList<string>? AvailableMethods { get; init; }

    [JsonPropertyName("available_authenticator_types")]
    public IReadOnlyList<string>? AvailableAuthenticatorTypes { get; init; }

    /// <param name="authenticator">Null where no factor can be enrolled.</param>
    internal static DeviceAccountResponse Pending(NewAuthenticator? authenticator, NewAuthenticator? recoveryCode) => new()
    {
        Id = authenticator?.Authenticator.Id,
        Status = "confirmation_pending",
        OtpSecret = authenticator?.Secret,
        RecoveryCode = recoveryCode?.Secret,
    };

    internal static DeviceAccountResponse Enrolled(UserFactors user, IReadOnlyList<string> answerable)
    {
        var methods = answerable.Where(method => method != FactorNames.RecoveryCode).ToList();
        var newest = user.Confirmed.First(a => a.Factor != FactorNames.RecoveryCode);
        return new DeviceAccountResponse
        {
            Id = newest.Id,
            Status = "confirmed",
            Name = newest.Name,
            PushNotifications = new FeatureEnabled(false),
            Methods = methods,
            AvailableMethods = methods,
            AvailableAuthenticatorTypes = answerable,
        };
    }

    public override string ToString() => "***";
}

public sealed record FeatureEnabled([property: JsonPropertyName("enabled")] bool Enabled);

public sealed record FeatureSwitch([property: JsonPropertyName("enroll")] bool Enroll);

public sealed record FeatureSwitchesResponse(
    [property: JsonPropertyName("mfa_app")] FeatureSwitch App,
    [property: JsonPropertyName("mfa_sms")] FeatureSwitch Sms);

/// <summary>The state of a transaction (docs/wire.md §1.5).</summary>
public sealed record TransactionStateResponse
{
    [JsonPropertyName("id")]
    public required string Id { get; init; }

    /// <summary><c>pending</c>, <c>accepted</c> or <c>rejected</c>.</summary>
    [JsonPropertyName("state")]
    public required string State { get; init; }

    /// <summary>Only once the user has a confirmed authenticator: clients test for presence.</summary>
    [JsonPropertyName("enrollment")]
    public EnrollmentStateResponse? Enrollment { get; init; }

    /// <summary>The signed result, only when accepted.</summary>
    [JsonPropertyName("token")]
    public string? Token { get; init; }
}

/// <summary>An enrollment that is confirmed, in a transaction's state and in the events of it (docs/wire.md §1.5, §2.4).</summary>
public sealed record EnrollmentStateResponse
{
    [JsonPropertyName("id")]
    public required string Id { get; init; }

    [JsonPropertyName("name")]
    public string? Name { get; init; }

    [JsonPropertyName("methods")]
    public required IReadOnlyList<string> Methods { get; init; }

    [JsonPropertyName("available_methods")]
    public required IReadOnlyList<string> AvailableMethods { get; init; }

    [JsonPropertyName("available_authenticator_types")]
    public required IReadOnlyList<string> AvailableAuthenticatorTypes { get; init; }

    /// <param name="answerable">Methods that the user can answer with, recovery code among them.</param>
    internal static EnrollmentStateResponse Of(Authenticator newest, IReadOnlyList<string> answerable)
    {
        var methods = answerable.Where(method => method != FactorNames.RecoveryCode).ToList();
        return new EnrollmentStateResponse
        {
            Id = newest.Id,
            Name = newest.Name,
            Methods = methods,
            AvailableMethods = methods,
            AvailableAuthenticatorTypes = answerable,
        };
    }
}

public sealed record EmptyResponse
{
    public static readonly EmptyResponse Value = new();
}

public sealed record RecoverAccountResponse([property: JsonPropertyName("recovery_code")] string RecoveryCode)
{
    public override string ToString() => "***";
}
