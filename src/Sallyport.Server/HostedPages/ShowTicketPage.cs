using Sallyport.Server.Configuration;
using Sallyport.Server.Languages;
using Sallyport.Server.Security;
using Sallyport.Server.Storage;
using Sallyport.Server.Tenants;
using Sallyport.Server.Tickets;

namespace Sallyport.Server.HostedPages;

/// <summary>Decides what the holder of a link sees. Looking changes nothing, however often and by whom it is done.</summary>
internal sealed class ShowTicketPage(
    Database database, SecretHash hash, SallyportOptions options, TimeProvider clock, ILogger<ShowTicketPage> logger)
{
    private const int ReferenceLength = 10;

    public async ValueTask<(TenantSettings Tenant, PageData Page)> RunAsync(
        string? ticketId, ReaderLanguages reader, CancellationToken cancellationToken)
    {
        var isId = LinkId.TryParse(ticketId, out var id);
        var (tenant, holder) = await database.ReadAsync(
            async session => (
                await TenantStore.GetSettingsAsync(session, TenantId.Default, cancellationToken),
                isId ? await FindAsync(session, id, cancellationToken) : null),
            cancellationToken);

        var locale = reader.ChooseFrom(tenant);
        var error = ErrorOf(holder, locale.Texts);
        // A link that no longer works does not show whose it was.
        var page = Describe(tenant, locale, error is null ? holder : null);
        if (error is not null)
        {
            HostedPagesLog.DeadEnd(logger, page.GlobalTrackingId, error.Code);
            return (tenant, page with { Error = error });
        }

        return (tenant, page with { Ticket = id.Value, PageUrl = AddressOf(id, reader.UiLocales is null ? null : locale) });
    }

    private ValueTask<TicketWithHolder?> FindAsync(Session session, LinkId id, CancellationToken cancellationToken) =>
        session.FindAsync(TicketStore.Find(TenantId.Default, TicketStore.Links.Hash(hash, id), clock.GetUtcNow()), cancellationToken);

    /// <summary>Whoever asked for a language keeps it on the way to another device, which may prefer another.</summary>
    private string AddressOf(LinkId id, Locale? asked) =>
        $"{options.PublicUrl}/mfa/enrollment?ticket={id.Value}{(asked is null ? "" : "&ui_locales=" + asked.Tag)}";

    private PageData Describe(TenantSettings tenant, Locale locale, TicketWithHolder? found) => new()
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
            Tenant = TenantId.Default.Value,
            TenantFriendlyName = tenant.DisplayName,
        },
    };

    private PageError? ErrorOf(TicketWithHolder? found, Texts texts)
    {
        if (found is null or { IsBlocked: true })
        {
            return found is null
                ? new PageError(texts.TicketUnknown, PageErrors.TicketUnknown)
                : new PageError(texts.UserBlocked, PageErrors.UserBlocked);
        }

        return found.Ticket.Times.StateAt(clock.GetUtcNow()) switch
        {
            LinkState.Open => null,
            LinkState.Used => new PageError(texts.TicketUsed, PageErrors.TicketUsed),
            LinkState.Ended => new PageError(texts.TicketWithdrawn, PageErrors.TicketWithdrawn),
            LinkState.Expired => new PageError(texts.TicketExpired, PageErrors.TicketExpired),
        };
    }
}
