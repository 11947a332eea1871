using Sallyport.Server.Security;
using Sallyport.Server.Storage;
using Sallyport.Server.Transactions;

namespace Sallyport.Server.Realtime;

/// <summary>The event bus: in the process by a call after the commit, between nodes by PostgreSQL's NOTIFY, which is part of it.</summary>
internal sealed class TransactionChangePublisher(ChangeDispatcher reader, TimeProvider clock) : ITransactionChangePublisher
{
    public string Node { get; } = Tokens.NewHex(16);

    public void Publish(UnitOfWork unit, Transaction transaction)
    {
        var user = new UserKey(transaction.Tenant, transaction.UserId);
        if (unit.Engine == Engine.PostgreSql)
        {
            unit.Enqueue(Notify(user));
        }

        unit.OnCommitted(() => reader.LookAt(user));
    }

    /// <summary>
    /// Transactions that notify are committed one at a time in the whole database, each with its flush to the disk. So it is only
    /// done where somebody may be listening: a client that polls has said so at its start.
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
