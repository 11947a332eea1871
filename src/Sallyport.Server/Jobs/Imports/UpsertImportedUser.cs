using System.Text.Json;
using Sallyport.Server.AuthenticationMethods;
using Sallyport.Server.Factors;
using Sallyport.Server.Security;
using Sallyport.Server.Storage;
using Sallyport.Server.Users;

namespace Sallyport.Server.Jobs.Imports;

/// <summary>
/// Changes an existing user to what a record says. Members of the record replace what is stored; metadata is merged as by
/// <c>PATCH /users/{id}</c>. The email address and the user name identify the user and are not changed.
/// </summary>
internal sealed class UpsertImportedUser(EndCredentials end, TimeProvider clock)
{
    /// <returns>The id of the user that was changed, or why none was.</returns>
    public async ValueTask<(string? UserId, ImportFailure? Failure)> RunAsync(
        UnitOfWork unit, ImportTarget target, ImportCandidate candidate, CancellationToken cancellationToken)
    {
        var tenant = target.Call.Tenant;
        var id = await FindIdAsync(unit, target, candidate, cancellationToken);
        if (id is null)
        {
            return Refuse(candidate, ImportFailure.DuplicatedUser, "Another user has the address or the user name.");
        }

        // Before the user, as everywhere: another order could deadlock.
        unit.Enqueue(AttemptLimit.HoldIfExists(tenant, id));
        var stored = await UserStore.LockAsync(unit, tenant, id, cancellationToken);
        if (stored is null || !IsSame(stored, candidate.User!, target.Connection))
        {
            return Refuse(candidate, ImportFailure.DuplicatedUser, "The user exists with another address, user name or connection.");
        }

        if (candidate.Record!.Factors is { Length: var added }
            && (await AuthenticatorStore.ListConfirmedAsync(unit, tenant, id, cancellationToken)).Count + added > MethodRules.MaxMethods)
        {
            return Refuse(candidate, ImportFailure.FactorsFailed, $"A user has no more than {MethodRules.MaxMethods} factors.");
        }

        var updated = Apply(stored, candidate);
        if (UserRules.HasTooMuchMetadata(updated))
        {
            return Refuse(candidate, ImportFailure.InvalidFormat, UserRules.TooMuchMetadata);
        }

        UserStore.Update(unit, tenant, stored, updated);
        end.WithChange(unit, tenant, stored, updated);

        return (id, null);
    }

    private static (string?, ImportFailure) Refuse(ImportCandidate candidate, string code, string message) =>
        (null, candidate.Refuse(code, message));

    /// <summary>Finds the user by the first of id, address and user name that the record has.</summary>
    private static ValueTask<string?> FindIdAsync(
        UnitOfWork unit, ImportTarget target, ImportCandidate candidate, CancellationToken cancellationToken)
    {
        var user = candidate.User!;
        var key = !string.IsNullOrEmpty(candidate.Record!.UserId) ? ("user_id", user.UserId)
            : user.Email is { } email ? ("email", email)
            : ("username", user.Username ?? "");
        return UserStore.FindIdAsync(unit, target.Call.Tenant, target.Connection, key, cancellationToken);
    }

    private static bool IsSame(User stored, User user, string connection) =>
        stored.Connection == connection
        && (user.Email is null || user.Email == stored.Email)
        && (user.Username is null || user.Username == stored.Username);

    private User Apply(User stored, ImportCandidate candidate)
    {
        var record = candidate.Record!;
        return stored with
        {
            EmailVerified = record.EmailVerified ?? stored.EmailVerified,
            PhoneNumber = record.PhoneNumber ?? stored.PhoneNumber,
            PhoneVerified = record.PhoneVerified
                ?? (record.PhoneNumber is null || record.PhoneNumber == stored.PhoneNumber ? stored.PhoneVerified : null),
            Name = record.Name ?? stored.Name,
            Nickname = record.Nickname ?? stored.Nickname,
            GivenName = record.GivenName ?? stored.GivenName,
            FamilyName = record.FamilyName ?? stored.FamilyName,
            Picture = record.Picture ?? stored.Picture,
            Blocked = record.Blocked ?? stored.Blocked,
            UserMetadata = Merge(stored.UserMetadata, candidate.Raw, "user_metadata"),
            AppMetadata = Merge(stored.AppMetadata, candidate.Raw, "app_metadata"),
            UpdatedAt = UserRules.Now(clock),
        };
    }

    private static JsonElement? Merge(JsonElement? stored, JsonElement record, string name) =>
        record.TryGetProperty(name, out var patch) ? UserRules.MergeMetadata(stored, patch) : stored;
}
