using Sallyport.Server.Audit;
using Sallyport.Server.Security;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Users;

/// <summary>Restores the attempts of a user who is locked out by wrong codes or passwords. A user whom an administrator has blocked stays blocked.</summary>
internal sealed class UnblockUser(Database database, AuditLog audit, SecretHash hash)
{
    /// <returns>False if there is no such user.</returns>
    public ValueTask<bool> RunAsync(string userId, CallContext call, CancellationToken cancellationToken) =>
        database.WriteAsync(
            async unit =>
            {
                unit.Enqueue(AttemptLimit.Restore(call.Tenant, userId));
                if (await UserStore.FindAsync(unit, call.Tenant, userId, cancellationToken) is not { } user)
                {
                    unit.Abandon();
                    return false;
                }

                foreach (var identifier in new[] { user.Email, user.Username }.OfType<string>())
                {
                    unit.Enqueue(AttemptLimit.RestorePasswords(
                        call.Tenant, VerifyPassword.IdentifierHash(hash, user.Connection, identifier)));
                }

                audit.Add(unit, call.Tenant, ApiOperation.Succeeded(call, userId));
                return true;
            },
            cancellationToken);
}
