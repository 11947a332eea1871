namespace Sallyport.Server.EmailVerification;

/// <summary>A link that was sent, whatever state it is in, and the user as they are now.</summary>
/// <param name="Email">To which the link was sent.</param>
/// <param name="ClientId">In whose name.</param>
/// <param name="UserEmail">Of the user, who may have another address by now.</param>
internal sealed record Verification(string UserId, string Email, string? ClientId, string? UserEmail, bool IsBlocked)
{
    public DateTimeOffset ExpiresAt { get; init; }

    public DateTimeOffset? UsedAt { get; init; }

    /// <summary>Of who is blocked a link shows not even that it was theirs; nor is an address theirs that they no longer have.</summary>
    public VerificationState StateAt(DateTimeOffset now) =>
        IsBlocked || UserEmail != Email ? VerificationState.Unknown
        : UsedAt is not null ? VerificationState.Used
        : ExpiresAt <= now ? VerificationState.Expired
        : VerificationState.Open;
}

internal enum VerificationState
{
    Open,
    Verified,
    Unknown,
    Used,
    Expired,
}
