using Sallyport.Server.Languages;

namespace Sallyport.Server.Factors;

/// <summary>The kind of response that proves a factor. It decides which call of the Guardian API accepts it.</summary>
internal enum ResponseKind
{
    /// <summary>A short code from an app or a message (<c>verify-otp</c>).</summary>
    Code,

    /// <summary>A recovery code (<c>recover-account</c>).</summary>
    RecoveryCode,

    /// <summary>A text that a device has signed (<c>resolve-transaction</c>).</summary>
    DeviceSignature,

    /// <summary>A WebAuthn credential: an attestation or an assertion, as JSON (<c>webauthn/verify</c>).</summary>
    Credential,

    /// <summary>The id of a challenge with which the browser has come back from another service, which has confirmed the person.</summary>
    Return,
}

/// <summary>The properties of a factor that the rest of the product may use. No other file asks which factor it is.</summary>
/// <param name="Name">One of <see cref="FactorNames"/>: the name in the settings of the tenant and in table <c>authenticator</c>.</param>
/// <param name="Method">The name in the Guardian API, docs/wire.md §1.4: <c>otp</c>, <c>sms</c>, <c>push</c>, <c>recovery-code</c>, …</param>
/// <param name="MethodType">The type in the Management API's authentication methods: <c>totp</c>, <c>phone</c>, …</param>
internal sealed record FactorTraits(string Name, string Method, string MethodType)
{
    /// <summary>Its name in mails.</summary>
    public required Func<Texts, string> Label { get; init; }

    /// <summary>Values for <c>amr</c> (RFC 8176 section 2).</summary>
    public IReadOnlyList<string> Amr { get; init; } = [];

    /// <summary>The order in which factors are offered, lowest first.</summary>
    public int Rank { get; init; }

    /// <summary>A user with an authenticator of this factor is enrolled.</summary>
    public bool IsEnrollment { get; init; } = true;

    /// <summary>A user who is not enrolled is offered it only if a ticket names it.</summary>
    public bool IsDependent { get; init; }

    /// <summary>After a sign-in with another factor, the page offers it to a user who has none (docs/webauthn.md).</summary>
    public bool IsOfferedAfterSignIn { get; init; }

    /// <summary>
    /// The challenge is shown to the browser, which answers it with any of the user's authenticators of the factor. One response uses the
    /// challenge up, so <see cref="ChallengeLimit"/> limits the failures as well, and they take no attempt from those for codes.
    /// </summary>
    public bool IsAnsweredByBrowser { get; init; }

    /// <summary>
    /// A refused response takes one of the person's attempts. False for a signature, which nobody can guess: a stranger who sends bad ones
    /// must not lock the person out.
    /// </summary>
    public bool IsGuessable { get; init; } = true;

    /// <summary>A person who enrolls it gets a recovery code. False if the service that verifies it recovers lost devices itself.</summary>
    public bool HasRecoveryCode { get; init; } = true;

    /// <summary>It replaces a lost factor: a user gets one with the first enrollment, it is offered last, and it is removed with the last enrollment.</summary>
    public bool IsFallback { get; init; }

    /// <summary>It signs a person in without another factor, so a reset of the second factors does not remove it.</summary>
    public bool IsFirstFactor { get; init; }

    /// <summary>
    /// The channels on which a person can be reached, if there is a choice: <c>sms</c>, <c>voice</c>. <see cref="SentCodeSettings.Channels"/> are those
    /// that the tenant allows.
    /// </summary>
    public IReadOnlyList<string> Channels { get; init; } = [];

    /// <summary>The name in the ticket API's <c>factor</c>; null if a ticket cannot be limited to it.</summary>
    public string? TicketName { get; init; }

    /// <summary>The <c>auth_method</c> of a user's enrollment in the Management API; null where the published list has no name.</summary>
    public string? EnrollmentMethod { get; init; }

    public FactorLogTypes LogTypes { get; init; } = FactorLogTypes.Codes;

    /// <summary>How many challenges a user may be sent; null for factors that send nothing.</summary>
    public ChallengeLimit? ChallengeLimit { get; init; }

    /// <summary>The factor that the same device enrolls together with this one, even if it is switched off. For push, it is the codes of the same app.</summary>
    public string? Companion { get; init; }

    /// <summary>Its name in the calls <c>send-…</c> of the Guardian API.</summary>
    public string SendName { get => field ?? Method; init; }

    /// <summary>The error code of the Guardian API when its provider has no credentials.</summary>
    public string NotConfiguredCode { get; init; } = Http.ErrorCodes.EnrollmentNotFound;

    /// <summary>The error code of the Guardian API when the service that verifies it does not answer.</summary>
    public string UnavailableCode { get; init; } = Http.ErrorCodes.EnrollmentNotFound;

    /// <summary>Its channel in the MFA API, if it has another name there.</summary>
    public string Channel { get => field ?? Method; init; }
}

/// <summary>The log event types of a verification.</summary>
internal sealed record FactorLogTypes(string Succeeded, string Failed, string Exhausted)
{
    public static readonly FactorLogTypes Codes =
        new(Audit.AuditTypes.AuthenticationSucceeded, Audit.AuditTypes.AuthenticationFailed, Audit.AuditTypes.AttemptsExhausted);

    /// <summary>The type for a challenge that the person has rejected; null for factors whose challenges are answered by codes.</summary>
    public string? Rejected { get; init; }

    /// <summary>The type for a refused enrollment; null if it is <see cref="Failed"/>.</summary>
    public string? EnrollmentFailed { get; init; }
}

/// <summary>A limit on challenges that are sent to one user, across transactions.</summary>
/// <param name="Burst">How many can be sent one after the other.</param>
/// <param name="Refill">One more can be sent this often.</param>
/// <param name="MinPause">The shortest time between two challenges in one transaction, unless the first one has ended.</param>
internal sealed record ChallengeLimit(int Burst, TimeSpan Refill, TimeSpan MinPause)
{
    /// <summary>The error code of the Guardian API for too many challenges.</summary>
    public string ErrorCode { get; init; } = Http.ErrorCodes.TooManyMessages;

    /// <summary>The error code for a quota of the tenant (<see cref="ChallengeDraft.Quotas"/>).</summary>
    public string TenantErrorCode { get; init; } = Http.ErrorCodes.TooManyMessages;
}
