using Sallyport.Server.Audit;
using Sallyport.Server.Security;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Users;

/// <summary>Removes a user with everything that hangs on them. A user who is not there is no fault (docs/management-api.md §E.2).</summary>
internal sealed class DeleteUser(Database database, AuditLog audit)
{
    public ValueTask RunAsync(string userId, AuditEntry entry, CancellationToken cancellationToken) =>
        database.WriteAsync(
            unit =>
            {
                unit.Enqueue(AttemptLimit.HoldIfExists(TenantId.Default, userId));
                unit.Enqueue(UserStore.Delete(TenantId.Default, userId));
                audit.Add(unit, TenantId.Default, entry);
                return ValueTask.CompletedTask;
            },
            cancellationToken);
}
