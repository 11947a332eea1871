using Sallyport.Server.Security;
using Sallyport.Server.Storage;
using Sallyport.Server.Transactions;

namespace Sallyport.Server.Realtime;

/// <summary>
/// Publishes a change to the sockets of this node by a call after the commit, and to other nodes by PostgreSQL's NOTIFY as part of the commit.
/// </summary>
internal sealed class TransactionChangePublisher(ChangeDispatcher dispatcher, TimeProvider clock) : ITransactionChangePublisher
{
    public string Node { get; } = Tokens.NewHex(16);

    public void Publish(UnitOfWork unit, Transaction transaction)
    {
        var user = new UserKey(transaction.Tenant, transaction.UserId);
        if (unit.Engine == Engine.PostgreSql)
        {
            unit.Enqueue(Notify(user));
        }

        unit.OnCommitted(() => dispatcher.Refresh(user));
    }

    /// <summary>
    /// PostgreSQL commits transactions that notify one at a time in the whole database, each with its own flush. NOTIFY is therefore
    /// skipped when all of the user's transactions announced polling.
    /// </summary>
    private Statement Notify(UserKey user) =>
        new("""
            SELECT pg_notify(@channel, @payload)
            WHERE EXISTS (
                SELECT 1 FROM "transaction" t
                WHERE t.tenant_id = @tenant_id AND t.user_id = @user_id AND t.expires_at > @now
                    AND coalesce(t.state_transport, '') <> 'polling')
            """,
            ("channel", ChangeNotification.Channel),
            ("payload", new ChangeNotification(Node, user).Write()),
            ("tenant_id", user.Tenant.Value),
            ("user_id", user.UserId),
            ("now", clock.GetUtcNow().ToUnixTimeMilliseconds()));
}
