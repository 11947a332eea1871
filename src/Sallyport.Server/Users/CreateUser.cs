using Microsoft.AspNetCore.Identity;
using Sallyport.Server.Audit;
using Sallyport.Server.Connections;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Users;

internal enum CreateUserOutcome
{
    Created,

    /// <summary>The connection has a user with this id, address or user name.</summary>
    UserExists,
    ConnectionNotFound,
}

internal sealed class CreateUser(Database database, AuditLog audit, PasswordHasher<User> hasher, TimeProvider clock)
{
    private static readonly TenantId Tenant = TenantId.Default;

    public async ValueTask<(CreateUserOutcome Outcome, User? User)> RunAsync(
        CreateUserRequest request, Func<string, AuditEntry> entry, CancellationToken cancellationToken)
    {
        var user = ToUser(request);
        try
        {
            var outcome = await database.WriteAsync(
                async unit =>
                {
                    if (!await ConnectionStore.HoldAsync(unit, Tenant, user.Connection, cancellationToken))
                    {
                        return CreateUserOutcome.ConnectionNotFound;
                    }

                    UserStore.Insert(unit, Tenant, user);
                    audit.Add(unit, Tenant, ApiOperation.WithAnswer(entry(user.UserId), user, UserJson.Default.User));
                    return CreateUserOutcome.Created;
                },
                cancellationToken);
            return (outcome, user);
        }
        catch (System.Data.Common.DbException exception) when (ConstraintViolation.IsUnique(exception))
        {
            return (CreateUserOutcome.UserExists, null);
        }
    }

    private User ToUser(CreateUserRequest request)
    {
        var user = NewUser.Of(request, request.Connection, clock);
        return request.Password is { } password ? user with { PasswordHash = hasher.HashPassword(user, password) } : user;
    }
}
