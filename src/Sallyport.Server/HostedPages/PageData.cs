using Sallyport.Server.Languages;
using Sallyport.Server.Security;
using Sallyport.Server.Storage;
using Sallyport.Server.Tenants;

namespace Sallyport.Server.HostedPages;

/// <summary>The content of a page, before it becomes <see cref="PageVariables"/>.</summary>
internal sealed record PageData
{
    private const int ReferenceLength = 10;

    /// <summary>The language of the reader.</summary>
    public required Locale Locale { get; init; }

    public required PageUser User { get; init; }

    /// <summary>Set when a user enrolls by ticket; then there is no request token.</summary>
    public string? Ticket { get; init; }

    /// <summary>Set when a user signs in; then there is no ticket.</summary>
    public string? RequestToken { get; init; }

    /// <summary>The address that receives the signed result of a sign-in.</summary>
    public string? PostActionUrl { get; init; }

    public required string MfaServerUrl { get; init; }

    /// <summary>Sent with every call of the page, to find in the log what a person reports.</summary>
    public required string GlobalTrackingId { get; init; }

    /// <summary>Shown instead of starting. One at most, because existing templates write no comma between two errors.</summary>
    public PageError? Error { get; init; }

    public string? IconUrl { get; init; }

    public string? SupportEmail { get; init; }

    public string? SupportUrl { get; init; }

    /// <summary>The address of this page, for continuing on a phone.</summary>
    public string? PageUrl { get; init; }

    /// <summary>The application's message about this sign-in, for example its purpose.</summary>
    public string? BindingMessage { get; init; }

    /// <summary>Whether the person may have the browser remembered.</summary>
    public bool AllowRememberBrowser { get; init; }

    /// <summary>Whether the box that remembers the browser is ticked at first.</summary>
    public bool RememberBrowserDefault { get; init; }

    /// <summary>A page with what every page of a tenant shows.</summary>
    public static PageData Of(TenantId tenantId, TenantSettings tenant, Locale locale, string guardianUrl, PageUser? user) => new()
    {
        Locale = locale,
        IconUrl = tenant.PictureUrl,
        MfaServerUrl = guardianUrl,
        GlobalTrackingId = Tokens.NewHex(ReferenceLength),
        SupportEmail = tenant.SupportEmail,
        SupportUrl = tenant.SupportUrl,
        User = (user ?? new PageUser()) with { Tenant = tenantId.Value, TenantFriendlyName = tenant.DisplayName },
    };

    public override string ToString() => "***";
}

internal sealed record PageError(string Message, string Code);

/// <summary>The codes in the page variable <c>errors</c>. The widget has a text for each; other pages show the message.</summary>
internal static class PageErrors
{
    public const string TicketUnknown = "ticket_unknown";
    public const string TicketUsed = "ticket_used";
    public const string TicketExpired = "ticket_expired";
    public const string TicketWithdrawn = "ticket_withdrawn";
    public const string SignInExpired = "globalTransactionExpired";
    public const string SignInFinished = "sign_in_finished";
    public const string UserBlocked = "user_blocked";
}

internal sealed record PageUser
{
    public string? UserId { get; init; }

    public string? Email { get; init; }

    public string? FriendlyUserId { get; init; }

    public string Tenant { get; init; } = "";

    public string TenantFriendlyName { get; init; } = "";
}

/// <summary>The languages that a reader requests.</summary>
/// <param name="UiLocales">From the query: set by the link or the application.</param>
/// <param name="AcceptLanguage">From the header: set by the browser.</param>
internal readonly record struct ReaderLanguages(string? UiLocales, string? AcceptLanguage)
{
    public static ReaderLanguages Of(HttpRequest request) => new(request.Query["ui_locales"], request.Headers.AcceptLanguage);

    public Locale ChooseFrom(TenantSettings tenant) => LanguageChoice.Choose(tenant.EnabledLocales, UiLocales, AcceptLanguage);
}
