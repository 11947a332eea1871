using Sallyport.Server.Audit;
using Sallyport.Server.Factors;
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
}

/// <summary>Creates a ticket and, when asked, the mail that carries its link, in one database transaction.</summary>
internal sealed class CreateTicket(Database database, AuditLog audit, FactorCatalog catalog, TicketFactory factory, TicketMail mail)
{
    public async ValueTask<(CreateTicketOutcome Outcome, NewTicket? Ticket)> RunAsync(
        CallContext call, CreateTicketRequest request, CancellationToken cancellationToken)
    {
        if (request.Factor is { } name && catalog.FindByTicketName(name) is null)
        {
            return (CreateTicketOutcome.FactorNotAllowed, null);
        }

        var created = factory.Create(call.Tenant, request);
        try
        {
            return await database.WriteAsync<(CreateTicketOutcome, NewTicket?)>(
                async unit =>
                {
                    unit.Enqueue(TicketStore.Insert(created.Ticket));
                    if (request.SendMail == true && !await mail.TryAddAsync(unit, call.Tenant, request, created.Url, cancellationToken))
                    {
                        unit.Abandon();
                        return (CreateTicketOutcome.NoAddress, null);
                    }

                    audit.Add(unit, call.Tenant, ApiOperation.Succeeded(call, request.UserId));
                    return (CreateTicketOutcome.Created, created);
                },
                cancellationToken);
        }
        catch (System.Data.Common.DbException exception) when (ConstraintViolation.IsForeignKey(exception))
        {
            return (CreateTicketOutcome.UserNotFound, null);
        }
    }
}
