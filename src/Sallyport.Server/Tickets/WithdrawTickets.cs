using Sallyport.Server.Audit;
using Sallyport.Server.Security;
using Sallyport.Server.Storage;
using Sallyport.Server.Users;

namespace Sallyport.Server.Tickets;

/// <summary>Ends all open tickets of a user, with everything that was started with them.</summary>
internal sealed class WithdrawTickets(Database database, AuditLog audit, EndCredentials end)
{
    /// <returns>False if there is no such user.</returns>
    public async ValueTask<bool> RunAsync(CallContext call, string userId, CancellationToken cancellationToken)
    {
        try
        {
            await database.WriteAsync(
                unit =>
                {
                    unit.Enqueue(AttemptLimit.Hold(call.Tenant, userId));
                    end.All(unit, call.Tenant, userId);
                    audit.Add(unit, call.Tenant, ApiOperation.Succeeded(call, userId));
                    return ValueTask.CompletedTask;
                },
                cancellationToken);
            return true;
        }
        catch (System.Data.Common.DbException exception) when (ConstraintViolation.IsForeignKey(exception))
        {
            return false;
        }
    }
}

/// <summary>Tickets as credentials that end, with the transactions and pending authenticators that were started with them.</summary>
internal sealed class TicketCredentials : IUserCredential
{
    public IEnumerable<Statement> EndAll(TenantId tenant, string userId, DateTimeOffset now) => [TicketStore.Links.End(tenant, userId, now)];

    public IEnumerable<Statement> EndWith(RemovedEnrollment removed, DateTimeOffset now)
    {
        (string, SqlValue)[] parameters = [("user_id", removed.UserId), ("issued_until", removed.ConfirmedAt.ToUnixTimeMilliseconds())];
        return
        [
            TicketStore.EndIssuedUntil(removed.Tenant, removed.UserId, removed.ConfirmedAt, now),
            Transactions.TransactionEndStore.EndStartedBy(TicketStore.IssuedUntil, removed.Tenant, now, parameters),
            Transactions.TransactionEndStore.DeletePendingAuthenticators(
                $"t.origin_id IN ({TicketStore.IssuedUntil})", removed.Tenant, parameters),
        ];
    }
}
