using System.Text.Json.Serialization;
using Sallyport.Server.Factors;

namespace Sallyport.Server.Transactions.Guardian;

/// <summary>A property that does not apply is left out: clients test for presence.</summary>
public sealed record StartFlowResponse
{
    private const string SmsMethod = "sms";

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

    /// <summary>
    /// The settings of factors that send codes, by their type in the Management API: <c>phone</c> is published, <c>email</c> is ours. Left out if
    /// no such factor is enabled.
    /// </summary>
    [JsonPropertyName("factor_settings")]
    public IReadOnlyDictionary<string, FactorCodeSettings>? FactorSettings { get; init; }

    /// <summary>Ours: the app with which a phone enrolls itself, as <c>PATCH /api/v2/prompts/mfa-push</c> has set it. Left out if nothing is set.</summary>
    [JsonPropertyName("push_app")]
    public PushAppResponse? PushApp { get; init; }

    /// <summary>Ours: the ticket was opened before, so an authenticator app may hold an entry with an earlier key. Left out if not.</summary>
    [JsonPropertyName("reopened")]
    public bool? Reopened { get; init; }

    /// <summary>Ours: false if the user has no authenticator and may enroll one by ticket only. Left out otherwise.</summary>
    [JsonPropertyName("self_service_enrollment")]
    public bool? SelfServiceEnrollment { get; init; }

    internal static StartFlowResponse Of(StartedTransaction started, string token, FactorCatalog catalog)
    {
        return new StartFlowResponse
        {
            TransactionToken = token,
            EnrollmentTransactionId = started.EnrollmentId,
            DeviceAccount = started.IsAuthentication
                ? DeviceAccountResponse.Enrolled(started.User, catalog)
                : DeviceAccountResponse.Pending(started.Begun),
            AvailableEnrollmentMethods = started.EnrollmentMethods,
            AvailableAuthenticationMethods = started.IsAuthentication ? catalog.PrimaryMethods(started.User) : started.EnrollmentMethods,
            FeatureSwitches = new FeatureSwitchesResponse(
                new FeatureSwitch(started.EnrollmentMethods.Any(method => method != SmsMethod)),
                new FeatureSwitch(started.EnrollmentMethods.Contains(SmsMethod))),
            FactorSettings = started.Codes.Count == 0 ? null : started.Codes.ToDictionary(codes => codes.Key, codes => FactorCodeSettings.Of(codes.Value)),
            PushApp = started.App is { } app && app != DeviceApp.Unknown ? new PushAppResponse(app.Name, app.AppleLink, app.GoogleLink) : null,
            Reopened = started is { IsReopened: true, Transaction.Enrolls: true } ? true : null,
            SelfServiceEnrollment = started.NeedsInvitation ? false : null,
        };
    }

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

    /// <summary>In part.</summary>
    [JsonPropertyName("phone_number")]
    public string? PhoneNumber { get; init; }

    [JsonPropertyName("push_notifications")]
    public FeatureEnabled? PushNotifications { get; init; }

    [JsonPropertyName("methods")]
    public IReadOnlyList<string>? Methods { get; init; }

    [JsonPropertyName("available_methods")]
    public IReadOnlyList<string>? AvailableMethods { get; init; }

    [JsonPropertyName("available_authenticator_types")]
    public IReadOnlyList<string>? AvailableAuthenticatorTypes { get; init; }

    /// <param name="begun">Empty if no factor can be enrolled.</param>
    internal static DeviceAccountResponse Pending(IReadOnlyList<NewAuthenticator> begun) => new()
    {
        Id = begun.FirstOrDefault(created => created.Authenticator.IsEnrollment)?.Authenticator.Id,
        Status = "confirmation_pending",
        OtpSecret = begun.Select(created => created.OtpSecret).FirstOrDefault(secret => secret is not null),
        RecoveryCode = begun.Select(created => created.RecoveryCode).FirstOrDefault(code => code is not null),
    };

    internal static DeviceAccountResponse Enrolled(UserFactors user, FactorCatalog catalog)
    {
        var methods = catalog.PrimaryMethods(user);
        var newest = user.Confirmed.First(a => a.IsEnrollment);
        return new DeviceAccountResponse
        {
            Id = newest.Id,
            Status = "confirmed",
            Name = newest.Name,
            PhoneNumber = catalog.MaskedPhoneNumberOf(user),
            PushNotifications = new FeatureEnabled(catalog.HasReachableDevice(user)),
            Methods = methods,
            AvailableMethods = methods,
            AvailableAuthenticatorTypes = catalog.AnswerableMethods(user),
        };
    }

    public override string ToString() => "***";
}

/// <param name="MessageTypes">Ours: the ways in which a code may reach a phone. Left out for other factors.</param>
public sealed record FactorCodeSettings(
    [property: JsonPropertyName("otp_length")] int Length,
    [property: JsonPropertyName("message_types")] IReadOnlyList<string>? MessageTypes)
{
    internal static FactorCodeSettings Of(SentCodeSettings codes) => new(codes.Length, codes.Channels.Count == 0 ? null : codes.Channels);
}

public sealed record PushAppResponse(
    [property: JsonPropertyName("app_name")] string? Name,
    [property: JsonPropertyName("apple_app_link")] string? AppleLink,
    [property: JsonPropertyName("google_app_link")] string? GoogleLink);

public sealed record FeatureEnabled([property: JsonPropertyName("enabled")] bool Enabled);

public sealed record FeatureSwitch([property: JsonPropertyName("enroll")] bool Enroll);

public sealed record FeatureSwitchesResponse(
    [property: JsonPropertyName("mfa_app")] FeatureSwitch App,
    [property: JsonPropertyName("mfa_sms")] FeatureSwitch Sms);

/// <summary>The state that polling clients read.</summary>
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

    internal static TransactionStateResponse Of(TransactionView view, FactorCatalog catalog, OutcomeTokens outcomes) => new()
    {
        Id = view.Transaction.Id,
        State = TransactionStore.StateName(view.Transaction.State),
        Enrollment = view.PolledEnrollment is { } enrollment ? EnrollmentStateResponse.Of(enrollment, view.UserFactors, catalog) : null,
        Token = view.IsAccepted ? outcomes.Issue(view.Transaction) : null,
    };
}

/// <summary>A confirmed enrollment in a transaction's state and in its events.</summary>
public sealed record EnrollmentStateResponse
{
    [JsonPropertyName("id")]
    public required string Id { get; init; }

    [JsonPropertyName("name")]
    public string? Name { get; init; }

    /// <summary>In part.</summary>
    [JsonPropertyName("phone_number")]
    public string? PhoneNumber { get; init; }

    [JsonPropertyName("methods")]
    public required IReadOnlyList<string> Methods { get; init; }

    [JsonPropertyName("available_methods")]
    public required IReadOnlyList<string> AvailableMethods { get; init; }

    [JsonPropertyName("available_authenticator_types")]
    public required IReadOnlyList<string> AvailableAuthenticatorTypes { get; init; }

    internal static EnrollmentStateResponse Of(Authenticator newest, UserFactors user, FactorCatalog catalog)
    {
        var methods = catalog.PrimaryMethods(user);
        return new EnrollmentStateResponse
        {
            Id = newest.Id,
            Name = newest.Name,
            PhoneNumber = catalog.MaskedPhoneNumberOf(user),
            Methods = methods,
            AvailableMethods = methods,
            AvailableAuthenticatorTypes = catalog.AnswerableMethods(user),
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
