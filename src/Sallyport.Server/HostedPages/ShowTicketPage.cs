using Sallyport.Server.Configuration;
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

    public async ValueTask<PageData> RunAsync(string? ticketId, CancellationToken cancellationToken)
    {
        var isId = TicketId.TryParse(ticketId, out var id);
        var (tenant, holder) = await database.ReadAsync(
            async session => (
                await TenantStore.GetSettingsAsync(session, TenantId.Default, cancellationToken),
                isId ? await FindAsync(session, id, cancellationToken) : null),
            cancellationToken);

        // Of who is blocked a link shows not even that it was theirs, and a dead one no longer whose it was.
        var found = holder is { IsBlocked: false } ? holder : null;
        var error = DeadEnd(found);
        var page = Describe(tenant, error is null ? found : null);
        if (error is not null)
        {
            HostedPagesLog.DeadEnd(logger, page.GlobalTrackingId, error.ErrorCode);
            return page with { RequesterErrors = [error] };
        }

        return page with { Ticket = id.Value, PageUrl = $"{options.PublicUrl}/mfa/enrollment?ticket={id.Value}" };
    }

    private ValueTask<TicketWithHolder?> FindAsync(Session session, TicketId id, CancellationToken cancellationToken) =>
        session.FindAsync(TicketStore.Find(TenantId.Default, hash.Ticket(id.Value), clock.GetUtcNow()), cancellationToken);

    private PageData Describe(TenantSettings tenant, TicketWithHolder? found) => new()
    {
        Theme = tenant.PictureUrl is { Length: > 0 } picture ? new PageTheme(picture) : null,
        MfaServerUrl = options.GuardianUrl,
        GlobalTrackingId = Tokens.NewHex(ReferenceLength),
        SupportEmail = tenant.SupportEmail,
        SupportUrl = tenant.SupportUrl,
        UserData = new PageUser
        {
            UserId = found?.Ticket.UserId,
            Email = found?.Email,
            FriendlyUserId = found?.Email ?? found?.Name,
            Tenant = TenantId.Default.Value,
            TenantFriendlyName = tenant.DisplayName,
        },
    };

    private PageError? DeadEnd(TicketWithHolder? found) => found switch
    {
        null => new PageError("This link is not known.", "ticket_unknown"),
        { Ticket.UsedAt: not null } => new PageError("This link has been used.", "ticket_used"),
        _ when found.Ticket.ExpiresAt <= clock.GetUtcNow() => new PageError("This link has expired.", "ticket_expired"),
        _ => null,
    };
}
