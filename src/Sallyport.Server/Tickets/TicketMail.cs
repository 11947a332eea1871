using Sallyport.Server.Messages;
using Sallyport.Server.Storage;
using Sallyport.Server.Users;

namespace Sallyport.Server.Tickets;

/// <summary>The mail that carries a ticket's link.</summary>
internal sealed class TicketMail(Database database, MailComposer composer)
{
    /// <summary>Call it before the transaction that creates the ticket begins.</summary>
    public async ValueTask<(CreateTicketOutcome? Refusal, Message? Mail)> ComposeAsync(
        TenantId tenant, CreateTicketRequest request, string ticketUrl, CancellationToken cancellationToken)
    {
        var (user, source) = await database.ReadAsync(
            async session => (
                await UserStore.FindAsync(session, tenant, request.UserId, cancellationToken),
                await composer.ReadSourceAsync(session, tenant, MailKind.Enrollment, cancellationToken)),
            cancellationToken);
        if (user is null)
        {
            return (CreateTicketOutcome.UserNotFound, null);
        }

        return (request.Email ?? user.Email) is { } address
            ? (null, composer.Compose(source, new MailRequest(address, user) { Link = ticketUrl, Language = request.EmailLocale }))
            : (CreateTicketOutcome.NoAddress, null);
    }
}
