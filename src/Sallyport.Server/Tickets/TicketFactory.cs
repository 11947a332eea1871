using Sallyport.Server.Configuration;
using Sallyport.Server.Security;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Tickets;

/// <summary>Makes tickets with their ids and links. Nothing is stored here.</summary>
internal sealed class TicketFactory(SecretHash hash, SallyportOptions options, TimeProvider clock)
{
    public NewTicket Create(CreateTicketRequest request)
    {
        var id = TicketId.New();
        var now = clock.GetUtcNow();
        var ticket = new Ticket
        {
            Tenant = TenantId.Default,
            Hash = hash.Ticket(id.Value),
            UserId = request.UserId,
            Factor = request.Factor,
            AllowMultipleEnrollments = request.AllowMultipleEnrollments ?? false,
            CreatedAt = now,
            ExpiresAt = now + Ticket.Lifetime,
        };
        return new NewTicket(ticket, new TicketResponse(id.Value, $"{options.PublicUrl}/mfa/enrollment?ticket={id.Value}"));
    }
}

/// <param name="Response">The only place where the id stands in clear.</param>
internal sealed record NewTicket(Ticket Ticket, TicketResponse Response);
