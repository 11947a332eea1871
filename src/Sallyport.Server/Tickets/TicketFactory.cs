using Sallyport.Server.Configuration;
using Sallyport.Server.Factors;
using Sallyport.Server.Security;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Tickets;

/// <summary>Makes tickets with their ids and links. Nothing is stored here.</summary>
internal sealed class TicketFactory(SecretHash hash, FactorCatalog catalog, SallyportOptions options, TimeProvider clock)
{
    /// <returns>Null if a ticket cannot be limited to the factor that the request names, or this version cannot verify it.</returns>
    public NewTicket? TryCreate(TenantId tenant, CreateTicketRequest request, TimeSpan lifetime)
    {
        var traits = request.Factor is { } named ? catalog.FindByTicketName(named) : null;
        if (request.Factor is not null && (traits is null || catalog.Find(traits.Name) is null))
        {
            return null;
        }

        var id = LinkId.New();
        var now = clock.GetUtcNow();
        var ticket = new Ticket
        {
            Tenant = tenant,
            Hash = TicketStore.Links.Hash(hash, id),
            UserId = request.UserId,
            Factor = request.Factor,
            AllowMultipleEnrollments = request.AllowMultipleEnrollments ?? false,
            CreatedAt = now,
            Times = new LinkTimes(now + lifetime, UsedAt: null, EndedAt: null),
        };
        return new NewTicket(ticket, id, $"{options.PublicUrl}/mfa/enrollment?ticket={id.Value}") { FactorName = traits?.Name };
    }
}

/// <param name="Id">In clear: only the holder gets it, and it is never stored.</param>
internal sealed record NewTicket(Ticket Ticket, LinkId Id, string Url)
{
    /// <summary>The <see cref="FactorTraits.Name"/> of the only factor that it allows; null for any.</summary>
    public string? FactorName { get; init; }

    public override string ToString() => "***";
}
