using Sallyport.Server.Http.Payloads;
using System.Text.Json;
using Microsoft.AspNetCore.Identity;
using Sallyport.Server.Audit;
using Sallyport.Server.Http;
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
}

internal sealed class PatchUser(Database database, AuditLog audit, EndCredentials end, PasswordHasher<User> hasher, TimeProvider clock)
{
    private static readonly TenantId Tenant = TenantId.Default;

    /// <summary>Attributes that real clients change one at a time; the published API refuses these together.</summary>
    private static readonly (string First, string Second)[] NotTogether =
    [
        ("password", "email"), ("password", "email_verified"), ("password", "username"), ("password", "phone_number"),
        ("username", "email"), ("username", "email_verified"), ("phone_number", "email"),
    ];

    /// <returns>What this caller may not change, or not in this combination; else null.</returns>
    public static ApiError? FindForbidden(JsonElement body, ICaller caller)
    {
        // The narrower scope is for metadata alone.
        if (!caller.Scopes.Contains(ManagementScopes.UpdateUsers)
            && body.EnumerateObject().Any(member => member.Name is not ("app_metadata" or "user_metadata")))
        {
            return ApiError.Forbidden(
                $"Insufficient scope, expected any of: {ManagementScopes.UpdateUsers}", ErrorCodes.InsufficientScope);
        }

        foreach (var (first, second) in NotTogether)
        {
            if (body.TryGetProperty(first, out _) && body.TryGetProperty(second, out _))
            {
                return ApiError.BadRequest($"Cannot update {first} and {second} simultaneously", ErrorCodes.InvalidBody);
            }
        }

        return null;
    }

    public async ValueTask<(PatchUserOutcome Outcome, User? User)> RunAsync(
        string userId, Body<PatchUserRequest> body, AuditEntry entry, CancellationToken cancellationToken)
    {
        // Before the unit: hashing takes its time, and whoever writes next would wait for it.
        var passwordHash = body.Value.Password is { } password ? hasher.HashPassword(new User { UserId = userId }, password) : null;
        try
        {
            return await database.WriteAsync<(PatchUserOutcome, User?)>(
                async unit =>
                {
                    unit.Enqueue(AttemptLimit.Hold(Tenant, userId));
                    var stored = await UserStore.LockAsync(unit, Tenant, userId, cancellationToken);
                    if (stored is null)
                    {
                        return (PatchUserOutcome.UserNotFound, null);
                    }

                    if (body.Value.Connection is { } connection && connection != stored.Connection)
                    {
                        return (PatchUserOutcome.OtherConnection, null);
                    }

                    var patched = Apply(stored, body, passwordHash);
                    UserStore.Update(unit, Tenant, stored, patched);
                    if (EndCredentials.AreObsolete(stored, patched))
                    {
                        end.All(unit, Tenant, userId);
                    }

                    audit.Add(unit, Tenant, ApiOperation.WithAnswer(entry, patched, UserJson.Default.User));
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

    private User Apply(User stored, Body<PatchUserRequest> body, string? passwordHash)
    {
        var (patch, now) = (body.Value, DateTimeOffset.FromUnixTimeMilliseconds(clock.GetUtcNow().ToUnixTimeMilliseconds()));
        var user = stored with
        {
            Email = Sent(body, "email") ? UserRules.NormalizeEmail(patch.Email) : stored.Email,
            EmailVerified = patch.EmailVerified ?? (Changed(body, "email", stored.Email, UserRules.NormalizeEmail(patch.Email)) ? false : stored.EmailVerified),
            Username = Sent(body, "username") ? patch.Username : stored.Username,
            PhoneNumber = Sent(body, "phone_number") ? patch.PhoneNumber : stored.PhoneNumber,
            PhoneVerified = patch.PhoneVerified ?? (Changed(body, "phone_number", stored.PhoneNumber, patch.PhoneNumber) ? null : stored.PhoneVerified),
            Name = Sent(body, "name") ? patch.Name : stored.Name,
            Nickname = Sent(body, "nickname") ? patch.Nickname : stored.Nickname,
            GivenName = Sent(body, "given_name") ? patch.GivenName : stored.GivenName,
            FamilyName = Sent(body, "family_name") ? patch.FamilyName : stored.FamilyName,
            Picture = Sent(body, "picture") ? patch.Picture : stored.Picture,
            Blocked = patch.Blocked ?? stored.Blocked,
            UserMetadata = Metadata(stored.UserMetadata, body, "user_metadata"),
            AppMetadata = WithoutEmpty(Metadata(stored.AppMetadata, body, "app_metadata")),
            UpdatedAt = now,
        };
        return passwordHash is null ? user : user with { PasswordHash = passwordHash, LastPasswordReset = now };
    }

    /// <summary>What was verified was the address, or the number, that is gone now.</summary>
    private static bool Changed(Body<PatchUserRequest> body, string name, string? stored, string? sent) =>
        Sent(body, name) && stored != sent;

    private static bool Sent(Body<PatchUserRequest> body, string name) => body.Raw.TryGetProperty(name, out _);

    private static JsonElement? Metadata(JsonElement? stored, Body<PatchUserRequest> body, string name) =>
        !body.Raw.TryGetProperty(name, out var patch) ? stored
        : patch.ValueKind == JsonValueKind.Null ? null
        : UserRules.MergeMetadata(stored, patch);

    /// <summary>Cleared, <c>user_metadata</c> is shown as an empty object and <c>app_metadata</c> is not shown at all.</summary>
    private static JsonElement? WithoutEmpty(JsonElement? metadata) =>
        metadata is { } value && !value.EnumerateObject().Any() ? null : metadata;
}
