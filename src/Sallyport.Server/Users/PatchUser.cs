using System.Text.Json;
using Microsoft.AspNetCore.Identity;
using Sallyport.Server.Audit;
using Sallyport.Server.Security;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Users;

internal enum PatchUserOutcome
{
    Patched,
    UserNotFound,
    UserExists,

    /// <summary>The request names a connection that is not the user's.</summary>
    OtherConnection,

    /// <summary>Shorter than the connection wants (<see cref="Connections.Connection.MinPasswordLength"/>).</summary>
    PasswordTooShort,
    TooMuchMetadata,
}

/// <summary>Changes to a user. A member that was sent as null is cleared, one that was not sent stays.</summary>
/// <param name="Sent">The JSON object that <paramref name="Values"/> was read from.</param>
internal sealed record UserPatch(PatchUserRequest Values, JsonElement Sent)
{
    /// <summary>Members that real clients change one at a time. The published API refuses each of these pairs.</summary>
    private static readonly (string First, string Second)[] Exclusive =
    [
        ("password", "email"), ("password", "email_verified"), ("password", "username"), ("password", "phone_number"),
        ("username", "email"), ("username", "email_verified"), ("phone_number", "email"),
    ];

    public bool IsMetadataOnly => Sent.EnumerateObject().All(member => member.Name is "app_metadata" or "user_metadata");

    public bool Has(string name) => Sent.TryGetProperty(name, out _);

    /// <returns>Two members that cannot be changed together, or null.</returns>
    public (string First, string Second)? FindConflict()
    {
        foreach (var (first, second) in Exclusive)
        {
            if (Has(first) && Has(second))
            {
                return (first, second);
            }
        }

        return null;
    }
}

internal sealed class PatchUser(Database database, AuditLog audit, EndCredentials end, PasswordHasher<User> hasher, TimeProvider clock)
{
    public async ValueTask<(PatchUserOutcome Outcome, User? User)> RunAsync(
        string userId, UserPatch patch, CallContext call, CancellationToken cancellationToken)
    {
        // Before the unit of work: hashing is slow, and other writers would wait for it.
        var passwordHash = patch.Values.Password is { } password ? hasher.HashPassword(new User { UserId = userId }, password) : null;
        try
        {
            return await database.WriteAsync<(PatchUserOutcome, User?)>(
                async unit =>
                {
                    unit.Enqueue(AttemptLimit.Hold(call.Tenant, userId));
                    var stored = await UserStore.LockAsync(unit, call.Tenant, userId, cancellationToken);
                    if (stored is null)
                    {
                        return (PatchUserOutcome.UserNotFound, null);
                    }

                    if (patch.Values.Connection is { } connection && connection != stored.Connection)
                    {
                        return (PatchUserOutcome.OtherConnection, null);
                    }

                    if (await PasswordLength.IsTooShortAsync(unit, call.Tenant, stored.Connection, patch.Values.Password, cancellationToken))
                    {
                        return (PatchUserOutcome.PasswordTooShort, null);
                    }

                    var patched = Apply(stored, patch, passwordHash);
                    if (UserRules.HasTooMuchMetadata(patched))
                    {
                        return (PatchUserOutcome.TooMuchMetadata, null);
                    }

                    UserStore.Update(unit, call.Tenant, stored, patched);
                    end.WithChange(unit, call.Tenant, stored, patched);
                    audit.Add(unit, call.Tenant, ApiOperation.WithAnswer(ApiOperation.Succeeded(call, userId), patched, UserJson.Default.User));
                    return (PatchUserOutcome.Patched, patched);
                },
                cancellationToken);
        }
        catch (System.Data.Common.DbException exception) when (ConstraintViolation.IsUnique(exception))
        {
            return (PatchUserOutcome.UserExists, null);
        }
        catch (System.Data.Common.DbException exception) when (ConstraintViolation.IsForeignKey(exception))
        {
            return (PatchUserOutcome.UserNotFound, null);
        }
    }

    private User Apply(User stored, UserPatch patch, string? passwordHash)
    {
        var (values, now) = (patch.Values, UserRules.Now(clock));
        var email = patch.Has("email") ? UserRules.NormalizeEmail(values.Email) : stored.Email;
        var phoneNumber = patch.Has("phone_number") ? values.PhoneNumber : stored.PhoneNumber;
        var user = stored with
        {
            Email = email,
            // A new address or number is not verified, unless the caller says so.
            EmailVerified = values.EmailVerified ?? (email == stored.Email ? stored.EmailVerified : false),
            Username = patch.Has("username") ? values.Username : stored.Username,
            PhoneNumber = phoneNumber,
            PhoneVerified = values.PhoneVerified ?? (phoneNumber == stored.PhoneNumber ? stored.PhoneVerified : null),
            Name = patch.Has("name") ? values.Name : stored.Name,
            Nickname = patch.Has("nickname") ? values.Nickname : stored.Nickname,
            GivenName = patch.Has("given_name") ? values.GivenName : stored.GivenName,
            FamilyName = patch.Has("family_name") ? values.FamilyName : stored.FamilyName,
            Picture = patch.Has("picture") ? values.Picture : stored.Picture,
            Blocked = values.Blocked ?? stored.Blocked,
            UserMetadata = Metadata(stored.UserMetadata, patch, "user_metadata"),
            AppMetadata = NullIfEmpty(Metadata(stored.AppMetadata, patch, "app_metadata")),
            UpdatedAt = now,
        };
        return passwordHash is null ? user : user with { PasswordHash = passwordHash, LastPasswordReset = now };
    }

    private static JsonElement? Metadata(JsonElement? stored, UserPatch patch, string name) =>
        !patch.Sent.TryGetProperty(name, out var sent) ? stored
        : sent.ValueKind == JsonValueKind.Null ? null
        : UserRules.MergeMetadata(stored, sent);

    /// <summary>The published API shows a cleared <c>user_metadata</c> as an empty object, and does not show a cleared <c>app_metadata</c>.</summary>
    private static JsonElement? NullIfEmpty(JsonElement? metadata) =>
        metadata is { } value && !value.EnumerateObject().Any() ? null : metadata;
}
