using Sallyport.Server.Factors;
using Sallyport.Server.Security;
using Sallyport.Server.Storage;
using Sallyport.Server.Transactions;

namespace Sallyport.Server.Tickets;

/// <summary>Lets a ticket start transactions, and spends it when one of them has confirmed an authenticator.</summary>
internal sealed class TicketOrigin(SecretHash hash) : ITransactionOrigin
{
    private static readonly string FactorsOfHolder = UserFactors.Select(TicketStore.Holder);

    public string Name => "ticket";

    public string Scheme => "Ticket";

    public async ValueTask<TransactionGrant?> FindGrantAsync(
        Session session, string credential, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (!TicketId.TryParse(Unquote(credential), out var id))
        {
            return null;
        }

        var tenant = TenantId.Default;
        var ticketHash = hash.Ticket(id.Value);
        var (tickets, factors) = await session.QueryBothAsync(
            TicketStore.Find(tenant, ticketHash, now),
            new Query<UserFactorRow>(
                new Statement(FactorsOfHolder, ("tenant_id", tenant.Value), ("ticket_hash", ticketHash)),
                row => UserFactors.Read(row, tenant)),
            cancellationToken);
        return tickets is [{ IsBlocked: false, Ticket: { UsedAt: null } ticket } found] && ticket.ExpiresAt > now
            ? new TransactionGrant(ticket.UserId, UserFactors.Of(factors), ticket.Hash, ticket.ExpiresAt)
            {
                Factor = TicketFactors.Enrolls(ticket.Factor),
                AllowMultipleEnrollments = ticket.AllowMultipleEnrollments,
                LiveTransactions = found.LiveTransactions,
            }
            : null;
    }

    public Statement Spend(Transaction transaction, DateTimeOffset now) =>
        TicketStore.Spend(transaction.Tenant, transaction.OriginId, now);

    /// <summary>The header reads <c>Ticket id="…"</c>, the quotes included (docs/wire.md §1.2).</summary>
    private static string? Unquote(string credential)
    {
        const string Prefix = "id=\"";
        return credential.Length > Prefix.Length
            && credential.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)
            && credential.EndsWith('"')
            ? credential[Prefix.Length..^1]
            : null;
    }
}
