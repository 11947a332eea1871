using Sallyport.Server.Messages;
using Sallyport.Server.Storage;
using Sallyport.Server.Users;

namespace Sallyport.Server.Tickets;

/// <summary>The mail that carries a ticket's link.</summary>
internal sealed class TicketMail(Database database, MailComposer composer)
{
    /// <summary>Call it before the transaction that creates the ticket begins.</summary>
    public async ValueTask<(CreateTicketOutcome? Refusal, Message? Mail)> ComposeAsync(
        NewTicket ticket, CreateTicketRequest request, CancellationToken cancellationToken)
    {
        var tenant = ticket.Ticket.Tenant;
        var (user, source) = await database.ReadAsync(
            async session => (
                await UserStore.FindAsync(session, tenant, request.UserId, cancellationToken),
                await composer.ReadSourceAsync(session, tenant, MailKind.Enrollment, cancellationToken)),
            cancellationToken);
        if (user is null)
        {
            return (CreateTicketOutcome.UserNotFound, null);
        }

        if ((request.Email ?? user.Email) is not { } address)
        {
            return (CreateTicketOutcome.NoAddress, null);
        }

        var mail = new MailRequest(address, user) { Link = ticket.Url, ExpiresAt = ticket.Ticket.Times.ExpiresAt, Language = request.EmailLocale };
        return (null, composer.Compose(source, mail));
    }
}
