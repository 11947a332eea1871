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

    /// <summary>Shorter than the connection wants (<see cref="Connection.MinPasswordLength"/>).</summary>
    PasswordTooShort,
    TooMuchMetadata,
}

internal sealed class CreateUser(Database database, AuditLog audit, PasswordHasher<User> hasher, TimeProvider clock)
{
    public async ValueTask<(CreateUserOutcome Outcome, User? User)> RunAsync(
        CreateUserRequest request, CallContext call, CancellationToken cancellationToken)
    {
        var user = ToUser(request);
        if (UserRules.HasTooMuchMetadata(user))
        {
            return (CreateUserOutcome.TooMuchMetadata, null);
        }

        try
        {
            var outcome = await database.WriteAsync(
                async unit =>
                {
                    if (!await ConnectionStore.HoldAsync(unit, call.Tenant, user.Connection, cancellationToken))
                    {
                        return CreateUserOutcome.ConnectionNotFound;
                    }

                    if (await PasswordLength.IsTooShortAsync(unit, call.Tenant, user.Connection, request.Password, cancellationToken))
                    {
                        return CreateUserOutcome.PasswordTooShort;
                    }

                    UserStore.Insert(unit, call.Tenant, user);
                    audit.Add(unit, call.Tenant, ApiOperation.WithAnswer(ApiOperation.Succeeded(call, user.UserId), user, UserJson.Default.User));
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

    /// <summary>Hashing a password is slow, so it is done before the unit of work, in which other writers would wait for it.</summary>
    private User ToUser(CreateUserRequest request)
    {
        var user = NewUser.Of(request, request.Connection, clock);
        return request.Password is { } password ? user with { PasswordHash = hasher.HashPassword(user, password) } : user;
    }
}

/// <summary>The length that a connection wants of the passwords of its users.</summary>
internal static class PasswordLength
{
    /// <param name="password">Null if none is set.</param>
    public static async ValueTask<bool> IsTooShortAsync(
        Session session, TenantId tenant, string connection, string? password, CancellationToken cancellationToken) =>
        password is not null
        && await ConnectionStore.FindByNameAsync(session, tenant, connection, cancellationToken) is { } found
        && password.EnumerateRunes().Count() < found.MinPasswordLength;
}

/// <summary>A user who is created or imported, with the members that follow from others.</summary>
internal static class NewUser
{
    private const string Provider = "auth0";
    private const int GeneratedIdLength = 24;

    /// <summary>Without a password: only the caller that has one pays for hashing it.</summary>
    public static User Of(UserProperties properties, string connection, TimeProvider clock)
    {
        var email = UserRules.NormalizeEmail(properties.Email);
        var now = UserRules.Now(clock);
        return new User
        {
            UserId = string.IsNullOrEmpty(properties.UserId) ? IdOf(Tokens.NewHex(GeneratedIdLength)) : IdOf(properties.UserId),
            Connection = connection,
            Email = email,
            EmailVerified = properties.EmailVerified ?? false,
            Username = properties.Username,
            PhoneNumber = properties.PhoneNumber,
            PhoneVerified = properties.PhoneVerified,
            Name = properties.Name ?? email ?? properties.Username ?? properties.PhoneNumber,
            Nickname = properties.Nickname ?? email?.Split('@')[0] ?? properties.Username,
            GivenName = properties.GivenName,
            FamilyName = properties.FamilyName,
            Picture = properties.Picture ?? UserRules.DefaultPicture(email),
            Blocked = properties.Blocked,
            UserMetadata = Metadata(properties.UserMetadata),
            AppMetadata = Metadata(properties.AppMetadata),
            CreatedAt = now,
            UpdatedAt = now,
        };
    }

    /// <param name="suffix">The part of an id that a caller can choose.</param>
    public static string IdOf(string suffix) => $"{Provider}|{suffix}";

    private static JsonElement? Metadata(Dictionary<string, JsonElement>? metadata) =>
        metadata is null ? null : UserRules.MergeMetadata(null, JsonSerializer.SerializeToElement(metadata, UserJson.Default.DictionaryStringJsonElement));
}
