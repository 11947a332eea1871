using Sallyport.Server.Audit;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Tickets;

internal enum CreateTicketOutcome
{
    Created,
    UserNotFound,
    NoAddress,
}

/// <summary>Makes a ticket and, when asked, the mail that carries its link, in one database transaction.</summary>
internal sealed class CreateTicket(Database database, AuditLog audit, TicketFactory factory, TicketMail mail)
{
    public ValueTask<(CreateTicketOutcome Outcome, TicketResponse? Ticket)> RunAsync(
        CreateTicketRequest request, AuditEntry entry, CancellationToken cancellationToken)
    {
        var (ticket, response) = factory.Create(request);
        return database.WriteAsync<(CreateTicketOutcome, TicketResponse?)>(
            async unit =>
            {
                if (!await TicketStore.TryInsertAsync(unit, ticket, cancellationToken))
                {
                    return (CreateTicketOutcome.UserNotFound, null);
                }

                if (request.SendMail == true && !await mail.TryAddAsync(unit, request, response.TicketUrl, cancellationToken))
                {
                    unit.Abandon();
                    return (CreateTicketOutcome.NoAddress, null);
                }

                audit.Add(unit, ticket.Tenant, entry);
                return (CreateTicketOutcome.Created, response);
            },
            cancellationToken);
    }
}
