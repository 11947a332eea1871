using System.Text.Json;
using Sallyport.Server.AuthenticationMethods;
using Sallyport.Server.Factors;
using Sallyport.Server.Security;
using Sallyport.Server.Storage;
using Sallyport.Server.Users;

namespace Sallyport.Server.Jobs;

/// <summary>
/// Brings a user who is there already up to what a record says: what it names replaces what is stored, metadata are merged as by
/// <c>PATCH /users/{id}</c>. What the user is known by does not change.
/// </summary>
internal sealed class ImportUpsert(TimeProvider clock)
{
    private static readonly TenantId Tenant = TenantId.Default;

    /// <returns>The user who is as the record says, or why nothing was changed.</returns>
    public async ValueTask<ImportUpdate> RunAsync(
        UnitOfWork unit, string connection, ImportCandidate candidate, CancellationToken cancellationToken)
    {
        var id = await FindIdAsync(unit, connection, candidate, cancellationToken);
        if (id is null)
        {
            return Refuse(candidate, ImportFailure.DuplicatedUser, "Another user has the address or the user name.");
        }

        if (candidate.Record!.Factors is not null)
        {
            // Before the user, as everywhere: in another order two wait for each other in a circle.
            unit.Enqueue(AttemptLimit.Hold(Tenant, id));
        }

        var stored = await UserStore.LockAsync(unit, Tenant, id, cancellationToken);
        if (stored is null || !IsSame(stored, candidate.User!, connection))
        {
            return Refuse(candidate, ImportFailure.DuplicatedUser, "The user exists with another address, user name or connection.");
        }

        if (await HasTooManyAsync(unit, id, candidate.Record, cancellationToken))
        {
            return Refuse(candidate, ImportFailure.FactorsFailed, $"A user has no more than {MethodRules.MaxMethods} factors.");
        }

        try
        {
            UserStore.Update(unit, Tenant, stored, Apply(stored, candidate));
            return new ImportUpdate(id, Failure: null);
        }
        catch (Http.ApiException exception)
        {
            return Refuse(candidate, ImportFailure.InvalidFormat, exception.Error.Message);
        }
    }

    private static ImportUpdate Refuse(ImportCandidate candidate, string code, string message) =>
        new(UserId: null, candidate.Refuse(code, message).Failure);

    /// <summary>By the first of these that the record has.</summary>
    private static ValueTask<string?> FindIdAsync(
        UnitOfWork unit, string connection, ImportCandidate candidate, CancellationToken cancellationToken)
    {
        var user = candidate.User!;
        var key = !string.IsNullOrEmpty(candidate.Record!.UserId) ? ("user_id", user.UserId)
            : user.Email is { } email ? ("email", email)
            : ("username", user.Username ?? "");
        return UserStore.FindIdAsync(unit, Tenant, connection, key, cancellationToken);
    }

    private static bool IsSame(User stored, User user, string connection) =>
        stored.Connection == connection
        && (user.Email is null || user.Email == stored.Email)
        && (user.Username is null || user.Username == stored.Username);

    private static async ValueTask<bool> HasTooManyAsync(
        UnitOfWork unit, string userId, ImportRecord record, CancellationToken cancellationToken) =>
        record.Factors is { Length: var more }
        && (await AuthenticatorStore.ListConfirmedAsync(unit, Tenant, userId, cancellationToken)).Count + more > MethodRules.MaxMethods;

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
            UpdatedAt = DateTimeOffset.FromUnixTimeMilliseconds(clock.GetUtcNow().ToUnixTimeMilliseconds()),
        };
    }

    private static JsonElement? Merge(JsonElement? stored, JsonElement record, string name) =>
        record.TryGetProperty(name, out var patch) ? UserRules.MergeMetadata(stored, patch) : stored;
}

/// <param name="UserId">Of the user who is as the record says.</param>
internal readonly record struct ImportUpdate(string? UserId, ImportFailure? Failure);
