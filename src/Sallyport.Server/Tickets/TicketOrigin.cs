using Sallyport.Server.Factors;
using Sallyport.Server.Security;
using Sallyport.Server.Storage;
using Sallyport.Server.Transactions;
using Sallyport.Server.Transactions.Guardian;

namespace Sallyport.Server.Tickets;

/// <summary>Lets a ticket start transactions, and spends it when one of them has confirmed an authenticator.</summary>
internal sealed class TicketOrigin(SecretHash hash, FactorCatalog catalog) : ITransactionOrigin
{
    private static readonly string FactorsOfHolder = UserFactors.Select(TicketStore.Holder);

    public string Name => "ticket";

    public bool IsInvitation => true;

    public string Scheme => "Ticket";

    public async ValueTask<TransactionGrant?> FindGrantAsync(
        Session session, TenantId tenant, string credential, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (!LinkId.TryParse(GuardianCredential.Unquote(credential), out var id))
        {
            return null;
        }

        var ticketHash = TicketStore.Links.Hash(hash, id);
        var (tickets, factors) = await session.QueryBothAsync(
            TicketStore.Find(tenant, ticketHash, now),
            new Query<UserFactorRow>(
                new Statement(FactorsOfHolder, ("tenant_id", tenant.Value), ("ticket_hash", ticketHash)),
                row => UserFactors.Read(row, tenant)),
            cancellationToken);
        return tickets is [{ IsBlocked: false, Ticket: var ticket } found] && ticket.Times.StateAt(now) == LinkState.Open
            ? new TransactionGrant(found.Holder, UserFactors.Of(factors), ticket.Hash, ticket.Times.ExpiresAt)
            {
                Factor = ticket.Factor is null ? null : catalog.FindByTicketName(ticket.Factor)?.Name,
                AllowMultipleEnrollments = ticket.AllowMultipleEnrollments,
                LiveTransactions = found.LiveTransactions,
                WasOpened = found.WasOpened,
            }
            : null;
    }

    public Statement? Spend(Transaction transaction, DateTimeOffset now) =>
        TicketStore.Links.Spend(transaction.Tenant, transaction.OriginId, now);

    public Statement? Supersede(Transaction transaction, DateTimeOffset now) =>
        TicketStore.EndSuperseded(transaction.Tenant, transaction.UserId, transaction.OriginId, now);

    /// <summary>A ticket belongs to no sign-in and so has no nonce; the published service writes this text.</summary>
    public TransactionResult ResultOf(Transaction transaction) =>
        new(new Dictionary<string, object> { ["nonce"] = "null" }, TimeSpan.FromMinutes(5));
}
