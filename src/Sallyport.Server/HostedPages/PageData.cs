using Sallyport.Server.Languages;

namespace Sallyport.Server.HostedPages;

/// <summary>What a page is about, before it is written down for a template. See <see cref="PageVariables"/>.</summary>
internal sealed record PageData
{
    /// <summary>Of whoever reads the page.</summary>
    public required Locale Locale { get; init; }

    public required PageUser User { get; init; }

    /// <summary>Set where somebody enrolls by ticket; then there is no request token.</summary>
    public string? Ticket { get; init; }

    /// <summary>Set where somebody signs in; then there is no ticket.</summary>
    public string? RequestToken { get; init; }

    /// <summary>Where the signed result of a sign-in goes.</summary>
    public string? PostActionUrl { get; init; }

    public required string MfaServerUrl { get; init; }

    /// <summary>Sent along with every call, so that what a person reports can be found in the log.</summary>
    public required string GlobalTrackingId { get; init; }

    /// <summary>JsonResult instead of starting. Templates in the field put no comma between two errors, so there is one at most.</summary>
    public PageError? Error { get; init; }

    public string? IconUrl { get; init; }

    public string? SupportEmail { get; init; }

    public string? SupportUrl { get; init; }

    /// <summary>The address of this page, to go on with it on a phone.</summary>
    public string? PageUrl { get; init; }

    public override string ToString() => "***";
}

internal sealed record PageError(string Message, string Code);

internal sealed record PageUser
{
    public string? UserId { get; init; }

    public string? Email { get; init; }

    public string? FriendlyUserId { get; init; }

    public required string Tenant { get; init; }

    public required string TenantFriendlyName { get; init; }
}
