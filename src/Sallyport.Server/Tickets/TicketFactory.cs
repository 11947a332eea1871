using Sallyport.Server.Configuration;
using Sallyport.Server.Security;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Tickets;

/// <summary>Makes tickets with their ids and links. Nothing is stored here.</summary>
internal sealed class TicketFactory(SecretHash hash, SallyportOptions options, TimeProvider clock)
{
    public NewTicket Create(TenantId tenant, CreateTicketRequest request)
    {
        var id = TicketId.New();
        var now = clock.GetUtcNow();
        var ticket = new Ticket
        {
            Tenant = tenant,
            Hash = hash.Ticket(id.Value),
            UserId = request.UserId,
            Factor = request.Factor,
            AllowMultipleEnrollments = request.AllowMultipleEnrollments ?? false,
            CreatedAt = now,
            ExpiresAt = now + Ticket.Lifetime,
        };
        return new NewTicket(ticket, id, $"{options.PublicUrl}/mfa/enrollment?ticket={id.Value}");
    }
}

/// <param name="Id">In clear: known here and to the holder, never stored.</param>
internal sealed record NewTicket(Ticket Ticket, TicketId Id, string Url)
{
    public override string ToString() => "***";
}
