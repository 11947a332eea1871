using Microsoft.AspNetCore.Identity;
using Sallyport.Server.Security;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Users;

internal enum VerifyPasswordOutcome
{
    Right,

    /// <summary>The password is wrong, or there is no such user, or the user has no password.</summary>
    Wrong,

    /// <summary>The password is right. It counts like a wrong one, so that the user is locked out like an unknown one.</summary>
    Blocked,

    /// <summary>Too many wrong passwords for this identifier: this one was not evaluated.</summary>
    TooManyAttempts,
}

/// <param name="Identifier">The email address or the user name, as it was typed.</param>
internal sealed record PasswordLogin(string Connection, string Identifier, string Password)
{
    public override string ToString() => "***";
}

internal readonly record struct VerifyPasswordResult(VerifyPasswordOutcome Outcome)
{
    /// <summary>The user who has the identifier, whether or not the password was right. Only the log may tell the difference.</summary>
    public User? User { get; init; }

    public TimeSpan RetryAfter { get; init; }
}

/// <summary>
/// Verifies the password of a user of a connection. The attempt is counted before the password is evaluated, and a right password gives it
/// back. An unknown user costs the same work as a known one, and is locked out after as many attempts.
/// </summary>
internal sealed class VerifyPassword(Database database, PasswordHasher<User> hasher, SecretHash hash, TimeProvider clock)
{
    /// <summary>PBKDF2-HMAC-SHA512 as the OWASP Password Storage Cheat Sheet recommends it (2023).</summary>
    public const int Iterations = 210_000;

    /// <summary>Evaluations at once, of all requests. Each takes a core for long, and anybody can ask for one: other requests need the other cores.</summary>
    public static readonly int MaxConcurrent = Math.Max(1, Environment.ProcessorCount / 2);

    private static readonly SemaphoreSlim Slots = new(MaxConcurrent);

    private static readonly User Nobody = new() { UserId = "|" };

    /// <summary>Evaluated for a user who does not exist.</summary>
    private readonly Lazy<string> hashOfNobody = new(() => hasher.HashPassword(Nobody, Tokens.NewHex(32)));

    public async ValueTask<VerifyPasswordResult> RunAsync(TenantId tenant, PasswordLogin login, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var identifierHash = IdentifierHash(hash, login.Connection, login.Identifier);
        if (await database.WriteAsync(unit => TakeAsync(unit, tenant, identifierHash, now, cancellationToken), cancellationToken) is { } wait)
        {
            return new VerifyPasswordResult(VerifyPasswordOutcome.TooManyAttempts) { RetryAfter = wait };
        }

        var user = await database.ReadAsync(
            session => UserStore.FindByLoginAsync(session, tenant, login.Connection, login.Identifier, cancellationToken), cancellationToken);
        // Between two database transactions: hashing is slow, and other writers must not wait for it.
        var verified = await EvaluateAsync(user, login.Password, cancellationToken);
        if (user?.PasswordHash is null || verified == PasswordVerificationResult.Failed)
        {
            return new VerifyPasswordResult(VerifyPasswordOutcome.Wrong) { User = user };
        }

        if (user.Blocked == true)
        {
            return new VerifyPasswordResult(VerifyPasswordOutcome.Blocked) { User = user };
        }

        var better = verified == PasswordVerificationResult.SuccessRehashNeeded ? hasher.HashPassword(user, login.Password) : null;
        await database.WriteAsync(
            unit =>
            {
                unit.Enqueue(AttemptLimit.GivePasswordBack(tenant, identifierHash, clock.GetUtcNow()));
                if (better is not null)
                {
                    unit.Enqueue(UserStore.SetPasswordHash(tenant, user, better));
                }

                return ValueTask.CompletedTask;
            },
            cancellationToken);
        return new VerifyPasswordResult(VerifyPasswordOutcome.Right) { User = user };
    }

    private async ValueTask<PasswordVerificationResult> EvaluateAsync(User? user, string password, CancellationToken cancellationToken)
    {
        await Slots.WaitAsync(cancellationToken);
        try
        {
            return hasher.VerifyHashedPassword(user ?? Nobody, user?.PasswordHash ?? hashOfNobody.Value, password);
        }
        finally
        {
            Slots.Release();
        }
    }

    /// <summary>The key of the attempts. Spellings that find the same user by address share it.</summary>
    public static string IdentifierHash(SecretHash hash, string connection, string identifier) =>
        hash.Identifier(connection, UserRules.NormalizeEmail(identifier)!);

    /// <returns>How long to wait if no attempt is left; null if one was taken.</returns>
    private static async ValueTask<TimeSpan?> TakeAsync(
        UnitOfWork unit, TenantId tenant, string identifierHash, DateTimeOffset now, CancellationToken cancellationToken) =>
        await unit.ExecuteAsync(AttemptLimit.TakePassword(tenant, identifierHash, now), cancellationToken) > 0
            ? null
            : AttemptLimit.Wait(await AttemptLimit.FindPasswordsFullAtAsync(unit, tenant, identifierHash, cancellationToken) ?? now, now);
}
