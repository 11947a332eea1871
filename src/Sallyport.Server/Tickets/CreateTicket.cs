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
    public async ValueTask<(CreateTicketOutcome Outcome, TicketResponse? Ticket)> RunAsync(
        CreateTicketRequest request, AuditEntry entry, CancellationToken cancellationToken)
    {
        var (ticket, response) = factory.Create(request);
        try
        {
            return await database.WriteAsync<(CreateTicketOutcome, TicketResponse?)>(
                async unit =>
                {
                    unit.Enqueue(TicketStore.Insert(ticket));
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
        catch (System.Data.Common.DbException exception) when (ConstraintViolation.IsForeignKey(exception))
        {
            return (CreateTicketOutcome.UserNotFound, null);
        }
    }
}
