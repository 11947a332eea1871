using Sallyport.Server.Audit;
using Sallyport.Server.Factors;
using Sallyport.Server.Messages;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Tickets;

internal enum CreateTicketOutcome
{
    Created,
    UserNotFound,

    /// <summary>Mail was asked for, and neither the request nor the user has an address.</summary>
    NoAddress,

    /// <summary>A ticket cannot be limited to that factor.</summary>
    FactorNotAllowed,

    /// <summary>The tenant has switched that factor off, so nobody could use the ticket.</summary>
    FactorOff,
}

/// <summary>Creates a ticket and, when asked, the mail that carries its link, in one database transaction.</summary>
internal sealed class CreateTicket(Database database, AuditLog audit, TicketFactory factory, TicketMail mail, Outbox outbox)
{
    public ValueTask<(CreateTicketOutcome Outcome, NewTicket? Ticket)> RunAsync(
        CallContext call, CreateTicketRequest request, CancellationToken cancellationToken) =>
        RunAsync(call, request, Ticket.Lifetime, cancellationToken);

    public async ValueTask<(CreateTicketOutcome Outcome, NewTicket? Ticket)> RunAsync(
        CallContext call, CreateTicketRequest request, TimeSpan lifetime, CancellationToken cancellationToken)
    {
        if (factory.TryCreate(call.Tenant, request, lifetime) is not { } created)
        {
            return (CreateTicketOutcome.FactorNotAllowed, null);
        }

        if (created.FactorName is { } factor
            && !(await database.ReadAsync(session => FactorStore.EnabledAsync(session, call.Tenant, cancellationToken), cancellationToken)).Contains(factor))
        {
            return (CreateTicketOutcome.FactorOff, null);
        }

        Message? message = null;
        if (request.SendMail == true)
        {
            (var refusal, message) = await mail.ComposeAsync(created, request, cancellationToken);
            if (refusal is { } outcome)
            {
                return (outcome, null);
            }
        }

        try
        {
            await database.WriteAsync(
                unit =>
                {
                    unit.Enqueue(TicketStore.Insert(created.Ticket));
                    if (message is not null)
                    {
                        outbox.Add(unit, call.Tenant, message);
                    }

                    audit.Add(unit, call.Tenant, ApiOperation.Succeeded(call, request.UserId));
                    return ValueTask.CompletedTask;
                },
                cancellationToken);
            return (CreateTicketOutcome.Created, created);
        }
        catch (System.Data.Common.DbException exception) when (ConstraintViolation.IsForeignKey(exception))
        {
            return (CreateTicketOutcome.UserNotFound, null);
        }
    }
}
