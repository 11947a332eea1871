using Sallyport.Server.Audit;
using Sallyport.Server.Configuration;
using Sallyport.Server.Languages;
using Sallyport.Server.Security;
using Sallyport.Server.Storage;
using Sallyport.Server.Tenants;
using Sallyport.Server.Tickets;

namespace Sallyport.Server.HostedPages;

/// <summary>Renders the page behind a link, and logs if the tenant's own page fails.</summary>
internal sealed class ShowTicketPage(TicketPageQueries tickets, TenantPage pages, PageFailures failures)
{
    /// <returns>The page, and the error that it shows if the link cannot be used.</returns>
    public async ValueTask<(ShownPage Page, PageError? Error)> RunAsync(
        string? ticketId, ReaderLanguages reader, CallContext call, CancellationToken cancellationToken)
    {
        var (tenant, data) = await tickets.FindAsync(ticketId, reader, call.Tenant, cancellationToken);
        var page = pages.Render(tenant, data);
        if (page.Failure is { } failure)
        {
            await failures.ReportAsync(tenant.GuardianMfaPage!.Html!, failure, call);
        }

        return (page, data.Error);
    }
}

/// <summary>Reads what the page behind a link shows. Changes nothing, however often a link is opened.</summary>
internal sealed class TicketPageQueries(
    Database database, SecretHash hash, SallyportOptions options, TimeProvider clock, ILogger<TicketPageQueries> logger)
{
    private const int ReferenceLength = 10;

    public async ValueTask<(TenantSettings Tenant, PageData Page)> FindAsync(
        string? ticketId, ReaderLanguages reader, TenantId tenantId, CancellationToken cancellationToken)
    {
        var isId = LinkId.TryParse(ticketId, out var id);
        var (tenant, found) = await database.ReadAsync(
            async session => (
                await TenantStore.GetSettingsAsync(session, tenantId, cancellationToken),
                isId ? await session.FindAsync(TicketStore.Find(tenantId, TicketStore.Links.Hash(hash, id), clock.GetUtcNow()), cancellationToken) : null),
            cancellationToken);

        var locale = reader.ChooseFrom(tenant);
        var error = ErrorOf(found, locale.Texts);
        // A link that cannot be used does not show whose it was.
        var page = Describe(tenantId, tenant, locale, error is null ? found : null);
        if (error is not null)
        {
            HostedPagesLog.LinkRefused(logger, page.GlobalTrackingId, error.Code);
            return (tenant, page with { Error = error });
        }

        return (tenant, page with { Ticket = id.Value, PageUrl = AddressOf(id, reader.UiLocales is null ? null : locale) });
    }

    /// <summary>A requested language stays in the link, because another device may prefer another language.</summary>
    private string AddressOf(LinkId id, Locale? requested) =>
        $"{options.PublicUrl}/mfa/enrollment?ticket={id.Value}{(requested is null ? "" : "&ui_locales=" + requested.Tag)}";

    private PageData Describe(TenantId tenantId, TenantSettings tenant, Locale locale, TicketWithHolder? found) => new()
    {
        Locale = locale,
        IconUrl = tenant.PictureUrl,
        MfaServerUrl = options.GuardianUrl,
        GlobalTrackingId = Tokens.NewHex(ReferenceLength),
        SupportEmail = tenant.SupportEmail,
        SupportUrl = tenant.SupportUrl,
        User = new PageUser
        {
            UserId = found?.Ticket.UserId,
            Email = found?.Email,
            FriendlyUserId = found?.Email ?? found?.Name,
            Tenant = tenantId.Value,
            TenantFriendlyName = tenant.DisplayName,
        },
    };

    private PageError? ErrorOf(TicketWithHolder? found, Texts texts)
    {
        if (found is null)
        {
            return new PageError(texts.TicketUnknown, PageErrors.TicketUnknown);
        }

        return found.IsBlocked ? new PageError(texts.UserBlocked, PageErrors.UserBlocked) : found.Ticket.Times.StateAt(clock.GetUtcNow()) switch
        {
            LinkState.Open => null,
            LinkState.Used => new PageError(texts.TicketUsed, PageErrors.TicketUsed),
            LinkState.Ended => new PageError(texts.TicketWithdrawn, PageErrors.TicketWithdrawn),
            LinkState.Expired => new PageError(texts.TicketExpired, PageErrors.TicketExpired),
        };
    }
}
