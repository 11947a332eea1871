using Sallyport.Server.Storage;

namespace Sallyport.Server.Factors;

internal enum AuthenticatorStatus
{
    /// <summary>Made by an enrollment that is not finished. It has no effect outside of that enrollment.</summary>
    Pending,

    Confirmed,
}

/// <summary>One user's registered instance of a factor (NIST SP 800-63B).</summary>
internal sealed record Authenticator
{
    /// <summary>The length of a name that a person gives.</summary>
    public const int MaxNameLength = 40;

    private const int IdLength = 16;

    public required TenantId Tenant { get; init; }

    public required string Id { get; init; }

    public required string UserId { get; init; }

    /// <summary>One of <see cref="FactorNames"/>.</summary>
    public required string Factor { get; init; }

    /// <summary>
    /// It makes its user enrolled: <see cref="FactorTraits.IsEnrollment"/> of its factor, but false for one that a device has enrolled as its
    /// <see cref="FactorTraits.Companion"/>.
    /// </summary>
    public required bool IsEnrollment { get; init; }

    public required AuthenticatorStatus Status { get; init; }

    /// <summary>The enrollment that made it; null if an administrator did.</summary>
    public string? TransactionId { get; init; }

    public string? Name { get; init; }

    /// <summary>Shared by authenticators that were made together and are removed together.</summary>
    public string? LinkId { get; init; }

    /// <summary>No two confirmed authenticators of a tenant share it. Null if any number may exist.</summary>
    public string? UniqueKey { get; init; }

    /// <summary>Versioned JSON that only the factor reads. Secrets in it are sealed or hashed.</summary>
    public required string Data { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? EnrolledAt { get; init; }

    public DateTimeOffset? LastAuthAt { get; init; }

    /// <summary>Its user has reported a challenge as not their own, and gets none until challenges are resumed.</summary>
    public DateTimeOffset? HaltedAt { get; init; }

    /// <summary>When its user has chosen to be asked for it first; the latest choice counts.</summary>
    public DateTimeOffset? PreferredAt { get; init; }

    public static string NewId() => "dev_" + Security.Tokens.NewAlphaNumeric(IdLength);

    /// <summary>A pending authenticator for an enrollment, or for an administrator to confirm.</summary>
    public static Authenticator Pending(EnrollmentRequest request, FactorTraits traits, string id, StoredData stored) => new()
    {
        Tenant = request.Tenant,
        Id = id,
        UserId = request.User.UserId,
        Factor = traits.Name,
        IsEnrollment = traits.IsEnrollment,
        Status = AuthenticatorStatus.Pending,
        TransactionId = request.TransactionId,
        UniqueKey = stored.UniqueKey,
        Data = stored.Data,
        CreatedAt = request.Now,
    };
}
