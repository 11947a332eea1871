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

    public required AuthenticatorStatus Status { get; init; }

    /// <summary>The enrollment that made it.</summary>
    public string? TransactionId { get; init; }

    public string? Name { get; init; }

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
