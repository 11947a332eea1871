using Sallyport.Server.Storage;

namespace Sallyport.Server.Factors;

internal enum AuthenticatorStatus
{
    /// <summary>Made by an enrollment that is not finished. Counts for nothing outside of it.</summary>
    Pending,

    Confirmed,
}

/// <summary>One user's registered instance of a factor (NIST SP 800-63B).</summary>
internal sealed record Authenticator
{
    private const int IdLength = 16;

    public required TenantId Tenant { get; init; }

    public required string Id { get; init; }

    public required string UserId { get; init; }

    /// <summary>One of <see cref="FactorNames"/>.</summary>
    public required string Factor { get; init; }

    /// <summary>A recovery code stands in for a factor, and a passkey comes before it: neither makes its user enrolled.</summary>
    public bool IsEnrollment => Factor is not (FactorNames.RecoveryCode or FactorNames.Passkey);

    public required AuthenticatorStatus Status { get; init; }

    /// <summary>The enrollment that made it.</summary>
    public string? TransactionId { get; init; }

    public string? Name { get; init; }

    /// <summary>E.164.</summary>
    public string? PhoneNumber { get; init; }

    public string? Email { get; init; }

    /// <summary><c>sms</c> or <c>voice</c>.</summary>
    public string? PreferredMethod { get; init; }

    /// <summary>Shared by authenticators that go together.</summary>
    public string? LinkId { get; init; }

    /// <summary>The id of a WebAuthn credential, base64url.</summary>
    public string? KeyId { get; init; }

    /// <summary>A <see cref="WebAuthnCredentialV1"/> as JSON.</summary>
    public string? Credential { get; init; }

    /// <summary>What a code is computed from.</summary>
    public byte[]? SealedSecret { get; init; }

    /// <summary>What a code is compared with.</summary>
    public byte[]? SecretHash { get; init; }

    /// <summary>The last time step whose code was accepted (RFC 6238 section 5.2).</summary>
    public long? LastStep { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? EnrolledAt { get; init; }

    public DateTimeOffset? LastAuthAt { get; init; }

    public static string NewId() => "dev_" + Security.Tokens.NewAlphaNumeric(IdLength);
}
