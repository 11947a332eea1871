using Sallyport.Server.Security;
using Sallyport.Server.Storage;
using Sallyport.Server.Transactions;

namespace Sallyport.Server.Tickets;

/// <summary>Lets a ticket start transactions, and spends it when one of them has confirmed an authenticator.</summary>
internal sealed class TicketOrigin(SecretHash hash) : ITransactionOrigin
{
    public string Name => "ticket";

    public string Scheme => "Ticket";

    public async ValueTask<TransactionGrant?> FindGrantAsync(
        Session session, string credential, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (!TicketId.TryParse(Unquote(credential), out var id))
        {
            return null;
        }

        var found = await TicketStore.FindAsync(session, TenantId.Default, hash.Ticket(id.Value), now, cancellationToken);
        return found is { IsBlocked: false, Ticket: { UsedAt: null } ticket } && ticket.ExpiresAt > now
            ? new TransactionGrant(ticket.UserId, ticket.Hash, ticket.ExpiresAt)
            {
                Factor = TicketFactors.Enrolls(ticket.Factor),
                AllowMultipleEnrollments = ticket.AllowMultipleEnrollments,
                LiveTransactions = found.LiveTransactions,
            }
            : null;
    }

    public Statement Spend(Transaction transaction, DateTimeOffset now) =>
        TicketStore.Spend(transaction.Tenant, transaction.OriginId, now);

    /// <summary>The header reads <c>Ticket id="…"</c>, the quotes included (guardian-wire 1.2).</summary>
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
