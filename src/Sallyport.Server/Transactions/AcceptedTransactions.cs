using Sallyport.Server.Factors;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Transactions;

/// <summary>The signed results that a user's factors have opened: nobody can fetch one once a factor is taken away.</summary>
internal sealed class AcceptedTransactions : IFactorGrant
{
    public Statement End(TenantId tenant, string userId, DateTimeOffset now) =>
        new("""
            UPDATE "transaction" SET expires_at = @now
            WHERE tenant_id = @tenant_id AND user_id = @user_id AND state = 'accepted' AND +expires_at > @now
            """,
            ("now", now.ToUnixTimeMilliseconds()),
            ("tenant_id", tenant.Value),
            ("user_id", userId));
}
