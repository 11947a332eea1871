using Sallyport.Protocols.Liquid;
using Sallyport.Server.Configuration;
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

/// <summary>Renders a page as somebody would see it, with nothing in it that is good for anything.</summary>
internal sealed class PreviewMfaPage(Database database, TenantPage pages, SallyportOptions options)
{
    /// <summary>Instead of a ticket and of a request token. The widget knows the word and calls nobody.</summary>
    private const string Credential = "preview";

    private const string Reference = "preview";

    public async ValueTask<(PreviewOutcome Outcome, ShownPage? Page, LiquidError? Error)> RunAsync(
        PreviewRequest request, CancellationToken cancellationToken)
    {
        var (tenant, user) = await database.ReadAsync(
            async session => (
                await TenantStore.GetSettingsAsync(session, TenantId.Default, cancellationToken),
                request.UserId is { } id ? await UserStore.FindAsync(session, TenantId.Default, id, cancellationToken) : null),
            cancellationToken);
        if (request.UserId is not null && user is null)
        {
            return (PreviewOutcome.UserNotFound, null, null);
        }

        var html = request.Html ?? tenant.GuardianMfaPage?.Html ?? DefaultPage.Source;
        var (page, error) = pages.Render(html, Describe(request, tenant, user));
        return page is null
            ? (PreviewOutcome.TemplateFailed, null, error)
            : (PreviewOutcome.Rendered, new ShownPage(page, IsOwn: true), null);
    }

    private PageData Describe(PreviewRequest request, TenantSettings tenant, User? user)
    {
        var signsIn = request.Use == PreviewRequest.SignIn;
        return new PageData
        {
            Locale = new ReaderLanguages(request.UiLocales, AcceptLanguage: null).ChooseFrom(tenant),
            Ticket = signsIn ? null : Credential,
            RequestToken = signsIn ? Credential : null,
            PostActionUrl = signsIn ? $"{options.PublicUrl}/mfa/preview" : null,
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
                Tenant = TenantId.Default.Value,
                TenantFriendlyName = tenant.DisplayName,
            },
        };
    }

    private static PageError Sample(bool signsIn) => signsIn
        ? new PageError("The transaction has expired.", "transaction_expired")
        : new PageError("This link has expired.", PageErrors.TicketExpired);
}
