using Sallyport.Server.Audit;
using Sallyport.Server.Messages;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Tickets;

internal enum CreateTicketOutcome
{
    Created,
    UserNotFound,
    NoAddress,
}

/// <summary>Makes a ticket and, when asked, the mail that carries its link, in one database transaction.</summary>
internal sealed class CreateTicket(Database database, AuditLog audit, TicketFactory factory, TicketMail mail, Outbox outbox)
{
    public async ValueTask<(CreateTicketOutcome Outcome, TicketResponse? Ticket)> RunAsync(
        CreateTicketRequest request, AuditEntry entry, CancellationToken cancellationToken)
    {
        var (ticket, response) = factory.Create(request);
        Message? message = null;
        if (request.SendMail == true)
        {
            (var refusal, message) = await mail.ComposeAsync(ticket.Tenant, request, response.TicketUrl, cancellationToken);
            if (refusal is { } outcome)
            {
                return (outcome, null);
            }
        }

        try
        {
            return await database.WriteAsync<(CreateTicketOutcome, TicketResponse?)>(
                unit =>
                {
                    unit.Enqueue(TicketStore.Insert(ticket));
                    if (message is not null)
                    {
                        outbox.Add(unit, ticket.Tenant, message);
                    }

                    audit.Add(unit, ticket.Tenant, entry);
                    return ValueTask.FromResult<(CreateTicketOutcome, TicketResponse?)>((CreateTicketOutcome.Created, response));
                },
                cancellationToken);
        }
        catch (System.Data.Common.DbException exception) when (ConstraintViolation.IsForeignKey(exception))
        {
            return (CreateTicketOutcome.UserNotFound, null);
        }
    }
}
