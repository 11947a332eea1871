using Sallyport.Protocols.Liquid;
using Sallyport.Server.Audit;
using Sallyport.Server.Configuration;
using Sallyport.Server.Security;
using Sallyport.Server.Storage;
using Sallyport.Server.Tenants;
using Sallyport.Server.Users;

namespace Sallyport.Server.HostedPages;

internal enum PreviewOutcome
{
    Rendered,
    TemplateFailed,
    UserNotFound,
}

internal sealed record PreviewResult(PreviewOutcome Outcome)
{
    /// <summary>Set when the page was rendered.</summary>
    public PreviewResponse? Preview { get; init; }

    /// <summary>Set when the template failed.</summary>
    public LiquidError? Error { get; init; }
}

/// <summary>
/// Renders a page as a person would see it, without real credentials, and keeps it for a few minutes under an address that a browser can
/// open.
/// </summary>
internal sealed class PreviewMfaPage(Database database, TenantPage pages, SecretHash hash, SallyportOptions options, TimeProvider clock)
{
    public const string Path = "/mfa/preview";

    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    /// <summary>Replaces the ticket and the request token. The widget makes no calls with it.</summary>
    private const string Credential = "preview";

    private const string Reference = "preview";

    public async ValueTask<PreviewResult> RunAsync(PreviewRequest request, CallContext call, CancellationToken cancellationToken)
    {
        var (tenant, user) = await database.ReadAsync(
            async session => (
                await TenantStore.GetSettingsAsync(session, call.Tenant, cancellationToken),
                request.UserId is { } id ? await UserStore.FindAsync(session, call.Tenant, id, cancellationToken) : null),
            cancellationToken);
        if (request.UserId is not null && user is null)
        {
            return new PreviewResult(PreviewOutcome.UserNotFound);
        }

        var html = request.Html ?? tenant.GuardianMfaPage?.Html ?? DefaultPage.Source;
        var data = Describe(request, call.Tenant, tenant, user);
        var (page, error) = pages.Render(html, data);
        if (page is null)
        {
            return new PreviewResult(PreviewOutcome.TemplateFailed) { Error = error };
        }

        var preview = await KeepAsync(page, call.Tenant, cancellationToken);
        return new PreviewResult(PreviewOutcome.Rendered) { Preview = preview with { UnknownVariables = pages.ListUnknownVariables(html, data) } };
    }

    /// <summary>Checks a template without showing it.</summary>
    /// <returns>The error in it, or the variables in it that do not exist.</returns>
    public (LiquidError? Error, IReadOnlyList<string> UnknownVariables) Check(TenantId tenant, string html) =>
        MfaPageTemplate.TryParse(html, out var template, out var error)
            ? (null, PageVariables.ListUnknown(template, Describe(new PreviewRequest { Errors = true }, tenant, new TenantSettings(), user: null)))
            : (error, []);

    private async ValueTask<PreviewResponse> KeepAsync(RenderedPage page, TenantId tenant, CancellationToken cancellationToken)
    {
        page = page with { Html = WidgetAssets.MakeAbsolute(page.Html, options.PublicUrl) };
        var id = LinkId.New();
        var expiresAt = clock.GetUtcNow() + Lifetime;
        await database.WriteAsync(
            unit =>
            {
                MfaPagePreviewStore.Add(unit, tenant, hash.Link(MfaPagePreviewStore.Table, id.Value), page, expiresAt);
                return ValueTask.CompletedTask;
            },
            cancellationToken);
        return new PreviewResponse($"{options.PublicUrl}{Path}?id={id.Value}", expiresAt, page.Html);
    }

    private PageData Describe(PreviewRequest request, TenantId tenantId, TenantSettings tenant, User? user)
    {
        var signsIn = request.Use == PreviewRequest.SignIn;
        return new PageData
        {
            Locale = new ReaderLanguages(request.UiLocales, AcceptLanguage: null).ChooseFrom(tenant),
            Ticket = signsIn ? null : Credential,
            RequestToken = signsIn ? Credential : null,
            PostActionUrl = signsIn ? options.PublicUrl + Path : null,
            MfaServerUrl = options.GuardianUrl,
            GlobalTrackingId = Reference,
            Error = request.Errors == true ? Sample(signsIn) : null,
            IconUrl = tenant.PictureUrl,
            SupportEmail = tenant.SupportEmail,
            SupportUrl = tenant.SupportUrl,
            User = new PageUser
            {
                UserId = user?.UserId ?? "auth0|preview",
                Email = user is null ? "ada@example.com" : user.Email,
                FriendlyUserId = user is null ? "ada@example.com" : user.Email ?? user.Name,
                Tenant = tenantId.Value,
                TenantFriendlyName = tenant.DisplayName,
            },
        };
    }

    private static PageError Sample(bool signsIn) => signsIn
        ? new PageError("The transaction has expired.", "transaction_expired")
        : new PageError("This link has expired.", PageErrors.TicketExpired);
}
