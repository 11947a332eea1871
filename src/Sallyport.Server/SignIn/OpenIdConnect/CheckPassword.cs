using Sallyport.Server.Audit;
using Sallyport.Server.Connections;
using Sallyport.Server.Storage;
using Sallyport.Server.Tenants;
using Sallyport.Server.Users;

namespace Sallyport.Server.SignIn.OpenIdConnect;

internal enum CheckPasswordOutcome
{
    /// <summary>See <see cref="CheckPasswordResult.Next"/>.</summary>
    Continued,

    /// <summary>The password is wrong, or there is no such user, or the user is blocked or has no password: the person is not told which.</summary>
    Wrong,
    TooManyAttempts,

    /// <summary>The sign-in has expired or was completed, or belongs to another browser.</summary>
    Ended,
}

internal readonly record struct CheckPasswordResult(CheckPasswordOutcome Outcome)
{
    public AuthorizationResult Next { get; init; }

    /// <summary>Null if it has ended.</summary>
    public OpenAuthorization? Authorization { get; init; }

    public TimeSpan RetryAfter { get; init; }

    public override string ToString() => Outcome.ToString();
}

/// <param name="BrowserSecret">From the cookie of the sign-in in the browser; null if it has none.</param>
/// <param name="Browser">Says whether the browser is remembered.</param>
internal sealed record PasswordAttempt(string RequestId, string? BrowserSecret, BrowserCookie Browser, string Identifier, string Password)
{
    public override string ToString() => "***";
}

/// <summary>Checks the password of a user for an authorization request, and goes on to the second factor.</summary>
internal sealed class CheckPassword(
    Database database, PasswordAuthorizations authorizations, VerifyPassword verify, ContinueAuthorization next, AuditLog audit)
{
    /// <summary>The authentication method (RFC 8176 section 2).</summary>
    private const string Method = "pwd";

    public async ValueTask<CheckPasswordResult> RunAsync(CallContext call, PasswordAttempt attempt, CancellationToken cancellationToken)
    {
        if (await authorizations.FindAsync(call, attempt.RequestId, attempt.BrowserSecret, cancellationToken) is not { } authorization)
        {
            return new CheckPasswordResult(CheckPasswordOutcome.Ended);
        }

        call = call with { Source = call.Source with { ClientId = authorization.Client.ClientId } };
        if (await authorizations.FindConnectionAsync(call, authorization, cancellationToken) is not { } connection)
        {
            return new CheckPasswordResult(CheckPasswordOutcome.Continued) { Next = authorizations.RefuseConnection(authorization) };
        }

        var verified = await verify.RunAsync(call.Tenant, new PasswordLogin(connection, attempt.Identifier, attempt.Password), cancellationToken);
        if (verified.Outcome != VerifyPasswordOutcome.Right)
        {
            await LogRefusalAsync(call, verified, cancellationToken);
            return new CheckPasswordResult(OutcomeOf(verified.Outcome)) { Authorization = authorization, RetryAfter = verified.RetryAfter };
        }

        return new CheckPasswordResult(CheckPasswordOutcome.Continued)
        {
            Next = await next.RunAsync(call, authorization, new SignedInUser(verified.User!.UserId, Method, attempt.Browser), cancellationToken),
        };
    }

    private static CheckPasswordOutcome OutcomeOf(VerifyPasswordOutcome outcome) =>
        outcome == VerifyPasswordOutcome.TooManyAttempts ? CheckPasswordOutcome.TooManyAttempts : CheckPasswordOutcome.Wrong;

    /// <summary>Only the log tells the difference. It is written for an unknown user, too, so that the answer takes as long.</summary>
    private ValueTask LogRefusalAsync(CallContext call, VerifyPasswordResult verified, CancellationToken cancellationToken) =>
        database.WriteAsync(
            unit =>
            {
                var type = verified.Outcome == VerifyPasswordOutcome.TooManyAttempts ? AuditTypes.PasswordAttemptsExhausted : AuditTypes.PasswordRefused;
                var entry = new AuditEntry(type, call.Source)
                {
                    UserId = verified.User?.UserId,
                    Details = $$"""{"cause":"{{verified.Outcome}}"}""",
                };
                audit.AddSignInRefusal(unit, call.Tenant, entry, cause: verified.Outcome.ToString());
                return ValueTask.CompletedTask;
            },
            cancellationToken);
}

/// <summary>The authorizations that wait for a password.</summary>
internal sealed class PasswordAuthorizations(Database database, OpenAuthorizations authorizations, AuthorizationContext context)
{
    /// <returns>
    /// Null if it has ended, belongs to another browser, or to a client for which somebody else checks the first factor: it would otherwise
    /// accept a password that it has not asked for.
    /// </returns>
    public async ValueTask<OpenAuthorization?> FindAsync(
        CallContext call, string requestId, string? browserSecret, CancellationToken cancellationToken)
    {
        var (authorization, _) = await authorizations.FindAsync(call, requestId, browserSecret, cancellationToken);
        return authorization is not null && AuthorizationRules.AsksForPassword(authorization.Client) ? authorization : null;
    }

    /// <returns>The name of the connection whose users sign in to the client; null if there is none.</returns>
    public ValueTask<string?> FindConnectionAsync(CallContext call, OpenAuthorization authorization, CancellationToken cancellationToken) =>
        database.ReadAsync(
            async session =>
            {
                var settings = await TenantStore.GetSettingsAsync(session, call.Tenant, cancellationToken);
                var connection = await ConnectionStore.FindByNameAsync(
                    session, call.Tenant, Connection.NameOf(realm: null, settings.DefaultDirectory), cancellationToken);
                return connection?.Serves(authorization.Client.ClientId) == true ? connection.Name : null;
            },
            cancellationToken);

    public AuthorizationResult RefuseConnection(OpenAuthorization authorization) =>
        context.Responses.Error(authorization, "unauthorized_client", "There is no database connection that is enabled for the client");
}
