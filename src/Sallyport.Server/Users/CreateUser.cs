using System.Text.Json;
using Microsoft.AspNetCore.Identity;
using Sallyport.Server.Audit;
using Sallyport.Server.Connections;
using Sallyport.Server.Security;
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
    private const string Provider = "auth0";
    private const int GeneratedIdLength = 24;

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
        var email = UserRules.NormalizeEmail(request.Email);
        // To the millisecond, as it is stored and shown.
        var now = DateTimeOffset.FromUnixTimeMilliseconds(clock.GetUtcNow().ToUnixTimeMilliseconds());
        var user = new User
        {
            UserId = $"{Provider}|{(string.IsNullOrEmpty(request.UserId) ? Tokens.NewHex(GeneratedIdLength) : request.UserId)}",
            Connection = request.Connection,
            Email = email,
            EmailVerified = request.EmailVerified ?? false,
            Username = request.Username,
            PhoneNumber = request.PhoneNumber,
            PhoneVerified = request.PhoneVerified,
            Name = request.Name ?? email ?? request.Username ?? request.PhoneNumber,
            Nickname = request.Nickname ?? email?.Split('@')[0] ?? request.Username,
            GivenName = request.GivenName,
            FamilyName = request.FamilyName,
            Picture = request.Picture ?? UserRules.DefaultPicture(email),
            Blocked = request.Blocked,
            UserMetadata = Metadata(request.UserMetadata),
            AppMetadata = Metadata(request.AppMetadata),
            CreatedAt = now,
            UpdatedAt = now,
        };
        return request.Password is { } password ? user with { PasswordHash = hasher.HashPassword(user, password) } : user;
    }

    private static JsonElement? Metadata(Dictionary<string, JsonElement>? metadata) =>
        metadata is null ? null : UserRules.MergeMetadata(null, JsonSerializer.SerializeToElement(metadata, UserJson.Default.DictionaryStringJsonElement));
}
