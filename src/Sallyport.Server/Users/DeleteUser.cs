using Sallyport.Server.Audit;
using Sallyport.Server.Security;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Users;

/// <summary>Deletes a user with everything that belongs to the user. A missing user is not a fault (docs/management-api.md §E.2).</summary>
internal sealed class DeleteUser(Database database, AuditLog audit)
{
    public ValueTask RunAsync(string userId, CallContext call, CancellationToken cancellationToken) =>
        database.WriteAsync(
            unit =>
            {
                unit.Enqueue(AttemptLimit.HoldIfExists(call.Tenant, userId));
                unit.Enqueue(UserStore.Delete(call.Tenant, userId));
                audit.Add(unit, call.Tenant, ApiOperation.Succeeded(call, userId));
                return ValueTask.CompletedTask;
            },
            cancellationToken);
}
