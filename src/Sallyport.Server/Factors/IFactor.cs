using Sallyport.Server.Audit;
using Sallyport.Server.Messages;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Factors;

/// <summary>
/// A factor whose authenticators are stored and shown. A factor that this version cannot verify implements only this interface: the
/// Management API keeps its authenticators, and it is not offered to users.
/// </summary>
internal interface IStoredFactor
{
    FactorTraits Traits { get; }

    /// <returns>What <see cref="Authenticator.Data"/> holds for an authenticator with these details.</returns>
    StoredData Store(AuthenticatorDetails details, TenantId tenant, string authenticatorId);

    /// <summary>The details of an authenticator that may be shown. They never contain secrets.</summary>
    AuthenticatorDetails Describe(Authenticator authenticator);

    /// <summary>Whether an authenticator with these details would be <paramref name="known"/> a second time.</summary>
    bool IsSame(Authenticator known, AuthenticatorDetails details);

    /// <summary>False for a device that can no longer be reached. It stays enrolled, but is not offered.</summary>
    bool CanAnswer(Authenticator authenticator) => true;
}

/// <summary>
/// A kind of proof: it begins an enrollment, challenges, and verifies a response. A factor does not know tickets, transactions, HTTP
/// or other factors. docs/architecture.md lists what a new one touches.
/// </summary>
internal interface IFactor : IStoredFactor
{
    /// <summary>How a person answers.</summary>
    ResponseKind ResponseKind { get; }

    /// <summary>Makes a pending authenticator.</summary>
    /// <returns>Null if this user cannot enroll the factor, for example because they have no verified address.</returns>
    NewAuthenticator? Begin(EnrollmentRequest request);

    /// <returns>The key of a pending authenticator app, Base32, for the device that enrolls it with itself; null for other factors.</returns>
    string? ShowOtpSecret(Authenticator pending) => null;

    /// <returns>The settings of the codes that it sends; null for a factor that sends none.</returns>
    ValueTask<SentCodeSettings?> FindCodeSettingsAsync(Session session, TenantId tenant, CancellationToken cancellationToken) =>
        ValueTask.FromResult<SentCodeSettings?>(null);

    /// <summary>Prepares what is sent out or shown. Called before the database transaction that stores it.</summary>
    /// <returns>Null for a factor that sends nothing.</returns>
    ValueTask<ChallengeDraft?> ChallengeAsync(Authenticator authenticator, ChallengeRequest request, CancellationToken cancellationToken) =>
        ValueTask.FromResult<ChallengeDraft?>(null);

    /// <summary>Evaluates a response, whatever text it is. The caller has counted the attempt before.</summary>
    /// <param name="open">The challenge that the response may answer: the newest one that is neither expired nor answered.</param>
    /// <returns>The statements that apply the acceptance once, or null if the response is refused.</returns>
    Acceptance? Verify(Authenticator authenticator, Challenge? open, FactorResponse response, DateTimeOffset now);

    /// <summary>Like <see cref="Verify"/>, and says why a response is refused.</summary>
    Evaluation Evaluate(Authenticator authenticator, Challenge? open, FactorResponse response, DateTimeOffset now) =>
        new(Verify(authenticator, open, response, now));
}

/// <summary>A factor for which the enrolling person gives an address, such as a phone number. Until then nothing can be sent.</summary>
internal interface IAddressedFactor : IFactor
{
    /// <param name="channel">One of <see cref="FactorTraits.Channels"/> that is preferred from then on; null for the usual one.</param>
    /// <returns>The pending authenticator with that address; null if nothing may be sent there.</returns>
    Authenticator? WithAddress(Authenticator pending, string address, string? channel);
}

/// <summary>A factor whose authenticators are devices that complete their enrollment by a request of their own.</summary>
internal interface IDeviceFactor : IFactor
{
    /// <returns>The pending authenticator with the data of its device, and the token with which the device may change or remove itself.</returns>
    (Authenticator Authenticator, string DeviceToken) Complete(Authenticator pending, DeviceRegistration device);

    /// <summary>The app with which a device enrolls itself.</summary>
    ValueTask<DeviceApp> FindAppAsync(Session session, TenantId tenant, CancellationToken cancellationToken);
}

/// <summary>The app of the tenant with which a device enrolls itself. Null for what the tenant has not set.</summary>
internal sealed record DeviceApp(string? Name, string? AppleLink, string? GoogleLink)
{
    public static readonly DeviceApp Unknown = new(null, null, null);
}

/// <summary>The data that a device sends to enroll itself.</summary>
/// <param name="Identifier">The id that the device has given itself. It signs with it as the issuer.</param>
/// <param name="PublicKey">A JSON Web Key that was checked.</param>
internal sealed record DeviceRegistration(string Identifier, string Name, string PublicKey)
{
    /// <summary><c>APNS</c> or <c>GCM</c>.</summary>
    public required string PushService { get; init; }

    public required string PushToken { get; init; }

    public override string ToString() => "***";
}

/// <param name="UniqueKey"><see cref="Authenticator.UniqueKey"/>.</param>
internal readonly record struct StoredData(string Data, string? UniqueKey = null);

/// <summary>Properties that only authenticators of some factors have: those that the Management API writes or shows.</summary>
internal sealed record AuthenticatorDetails
{
    public static readonly AuthenticatorDetails None = new();

    /// <summary>A TOTP key in clear. Written only.</summary>
    public byte[]? TotpSecret { get; init; }

    /// <summary>E.164.</summary>
    public string? PhoneNumber { get; init; }

    /// <summary><c>sms</c> or <c>voice</c>.</summary>
    public string? PreferredMethod { get; init; }

    public string? Email { get; init; }

    /// <summary>The id of a WebAuthn credential, base64url.</summary>
    public string? KeyId { get; init; }

    public WebAuthnCredential? Credential { get; init; }

    public override string ToString() => "***";
}

/// <summary>The properties of a WebAuthn credential in addition to its id.</summary>
/// <param name="PublicKey">COSE (RFC 9052), base64.</param>
internal sealed record WebAuthnCredential(string PublicKey)
{
    public const string SingleDevice = "single_device";
    public const string MultiDevice = "multi_device";

    public string? RelyingPartyIdentifier { get; init; }

    public string? Aaguid { get; init; }

    /// <summary><see cref="SingleDevice"/> or <see cref="MultiDevice"/>: whether it may be copied to other devices. Null if unknown.</summary>
    public string? DeviceType { get; init; }

    public bool? BackedUp { get; init; }

    public string? IdentityUserId { get; init; }

    public string? UserAgent { get; init; }

    public string? UserHandle { get; init; }

    public IReadOnlyList<string>? Transports { get; init; }
}

/// <param name="TransactionId">The enrollment that asks for it; null if an administrator does.</param>
internal sealed record EnrollmentRequest(TenantId Tenant, EnrollingUser User, string? TransactionId, DateTimeOffset Now);

/// <summary>The data of the enrolling user that a factor may see.</summary>
internal sealed record EnrollingUser(string UserId)
{
    /// <summary>Null unless it was verified.</summary>
    public string? VerifiedEmail { get; init; }
}

/// <summary>A pending authenticator, and what its user is shown once. Secrets are in clear here and nowhere else.</summary>
internal sealed record NewAuthenticator(Authenticator Authenticator)
{
    /// <summary>Base32.</summary>
    public string? OtpSecret { get; init; }

    public string? RecoveryCode { get; init; }

    public override string ToString() => $"{Authenticator.Factor} ***";
}

/// <param name="AcceptLanguage">The languages that the browser asks for; null if it says nothing.</param>
internal sealed record ChallengeRequest(TenantId Tenant, string ChallengeId, string? AcceptLanguage, DateTimeOffset Now)
{
    /// <summary>One of <see cref="FactorTraits.Channels"/>; null for the one that the person prefers.</summary>
    public string? Channel { get; init; }

    public required AuditSource Source { get; init; }

    /// <summary>Makes the token with which a device answers this challenge until an instant.</summary>
    public required Func<DateTimeOffset, string> IssueDeviceToken { get; init; }

    /// <summary>All confirmed authenticators of the user, of every factor.</summary>
    public IReadOnlyList<Authenticator> Confirmed { get; init; } = [];
}

/// <summary>A challenge to store, and the message to send.</summary>
/// <param name="Data">Versioned JSON for <see cref="Challenge.Data"/>; a code only as a keyed hash.</param>
internal sealed record ChallengeDraft(string Data, TimeSpan Lifetime, Message? Message)
{
    /// <summary>The provider that the tenant has selected has no credentials.</summary>
    public static readonly ChallengeDraft NotConfigured = new("", TimeSpan.Zero, Message: null);

    /// <summary>The channel on which it is sent, if the factor has more than one.</summary>
    public string? Channel { get; init; }

    /// <summary>The log event type of the challenge; null if it is not logged.</summary>
    public string? LogType { get; init; }

    public static readonly ChallengeDraft AddressRefused = new("", TimeSpan.Zero, Message: null);

    /// <summary>The tenant has not allowed the country of the address.</summary>
    public static readonly ChallengeDraft CountryRefused = new("", TimeSpan.Zero, Message: null);

    /// <summary>The service that verifies the factor does not answer.</summary>
    public static readonly ChallengeDraft Unavailable = new("", TimeSpan.Zero, Message: null);

    /// <summary>Nothing may be sent to the address of the authenticator.</summary>
    public bool IsAddressRefused => ReferenceEquals(this, AddressRefused);

    /// <summary>Where it is sent, for counts: no address of a person.</summary>
    public string? Destination { get; init; }

    /// <summary>Limits of the tenant. Each statement changes exactly one row, unless its limit is reached.</summary>
    public IReadOnlyList<Statement> Quotas { get; init; } = [];

    /// <summary>The log event type of a challenge that a quota refuses.</summary>
    public string? RefusalLogType { get; init; }

    /// <summary>Finds out which quota has refused the challenge, as a word for the log.</summary>
    public Func<Session, CancellationToken, ValueTask<string>>? FindRefusalReason { get; init; }

    /// <summary>Shown in the browser and on the device, so that the person can compare them; null if nothing is compared.</summary>
    public string? BindingMessage { get; init; }

    /// <summary>The JSON that the browser gets; null if nothing is shown.</summary>
    public string? Shown { get; init; }

    public override string ToString() => "***";
}

/// <param name="Value">As it was sent.</param>
internal sealed record FactorResponse(ResponseKind Kind, string Value)
{
    /// <summary>
    /// Limits the response to authenticators whose open challenge it answers; null if it may answer any. The argument is null for an authenticator
    /// without an open challenge, such as an authenticator app.
    /// </summary>
    public Func<Challenge?, bool>? Answers { get; init; }

    public override string ToString() => $"{Kind} ***";
}

/// <param name="RefusalReason">Why the response is refused, as a word for the log; null if there is no reason to log.</param>
internal readonly record struct Evaluation(Acceptance? Acceptance, string? RefusalReason = null);

/// <param name="Once">Each changes exactly one row for the first request with this response, and none afterwards.</param>
internal sealed record Acceptance(params IReadOnlyList<Statement> Once)
{
    /// <summary>The values for <c>amr</c> (RFC 8176); null for those of <see cref="FactorTraits.Amr"/>.</summary>
    public IReadOnlyList<string>? Amr { get; init; }

    /// <summary>The <see cref="Authenticator.UniqueKey"/> of a new authenticator. The enrollment is refused if a confirmed authenticator has the same key.</summary>
    public string? UniqueKey { get; init; }

    /// <summary>The name that an enrollment has given to the authenticator.</summary>
    public string? Name { get; init; }

    /// <summary>The recovery code that replaces a used one, in clear.</summary>
    public string? NewRecoveryCode { get; init; }

    /// <summary>Set if the response is genuine and says no: it rejects the transaction.</summary>
    public Rejection? Rejection { get; init; }

    public override string ToString() => "***";
}

/// <param name="Reason">As the person or the device gives it.</param>
/// <param name="IsReport">The person says that somebody else has asked for it.</param>
internal sealed record Rejection(string? Reason, bool IsReport)
{
    /// <summary>The address from which the challenge was requested.</summary>
    public string? Address { get; init; }

    /// <summary>The browser in which it was requested.</summary>
    public string? Browser { get; init; }
}
