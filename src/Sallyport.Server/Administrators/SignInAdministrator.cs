using Sallyport.Server.Audit;
using Sallyport.Server.Configuration;
using Sallyport.Server.Http;
using Sallyport.Server.Security;
using Sallyport.Server.SignIn;
using Sallyport.Server.Storage;
using Sallyport.Server.Transactions;
using Sallyport.Server.Users;

namespace Sallyport.Server.Administrators;

internal enum AdministratorSignInOutcome
{
    /// <summary>The second factor is next, on the page at <see cref="AdministratorSignInResult.PageUrl"/>.</summary>
    AsksForFactor,

    /// <summary>The password is wrong, or there is no such administrator: the person is not told which.</summary>
    Wrong,
    TooManyAttempts,
}

internal readonly record struct AdministratorSignInResult(AdministratorSignInOutcome Outcome)
{
    public string? PageUrl { get; init; }

    public TimeSpan RetryAfter { get; init; }
}

/// <param name="BrowserHash">See <see cref="SignInBrowser.Begin"/>.</param>
/// <param name="ResultUrl">Where the page posts the result of the second factor: an address of the dashboard.</param>
internal sealed record BegunSignIn(string BrowserHash, string ResultUrl);

/// <summary>Checks the password of an administrator and begins the second factor. The product checks both as for any user.</summary>
internal sealed class SignInAdministrator(
    Database database, VerifyPassword verify, ConfiguredAdministrator configured, StartAdministratorFactor start, AuditLog audit)
{
    public async ValueTask<AdministratorSignInResult> RunAsync(
        CallContext call, (string Email, string Password) credentials, BegunSignIn begun, CancellationToken cancellationToken)
    {
        var login = new PasswordLogin(AdministratorUsers.Connection, credentials.Email, credentials.Password);
        var verified = await verify.RunAsync(call.Tenant, login, cancellationToken);
        if (verified.Outcome != VerifyPasswordOutcome.Right)
        {
            await LogRefusalAsync(call, verified, cancellationToken);
            return verified.Outcome == VerifyPasswordOutcome.TooManyAttempts
                ? new AdministratorSignInResult(AdministratorSignInOutcome.TooManyAttempts) { RetryAfter = verified.RetryAfter }
                : new AdministratorSignInResult(AdministratorSignInOutcome.Wrong);
        }

        // The password alone must not enroll a factor: an administrator who has lost theirs needs a new invitation.
        var mayEnroll = await configured.MayEnrollAsync(call.Tenant, verified.User!, cancellationToken);
        var pageUrl = await start.RunAsync(call, verified.User!.UserId, begun, mayEnroll, cancellationToken);
        return pageUrl is null
            ? new AdministratorSignInResult(AdministratorSignInOutcome.Wrong)
            : new AdministratorSignInResult(AdministratorSignInOutcome.AsksForFactor) { PageUrl = pageUrl };
    }

    private ValueTask LogRefusalAsync(CallContext call, VerifyPasswordResult verified, CancellationToken cancellationToken) =>
        database.WriteAsync(
            unit =>
            {
                var type = verified.Outcome == VerifyPasswordOutcome.TooManyAttempts ? AuditTypes.PasswordAttemptsExhausted : AuditTypes.PasswordRefused;
                var entry = new AuditEntry(type, call.Source) { UserId = verified.User?.UserId, Details = """{"channel":"dashboard"}""" };
                audit.AddSignInRefusal(unit, call.Tenant, entry, cause: "dashboard " + verified.Outcome);
                return ValueTask.CompletedTask;
            },
            cancellationToken);
}

/// <summary>Begins the second factor of an administrator, on the hosted page.</summary>
internal sealed class StartAdministratorFactor(CreateSignIn create, SallyportOptions options)
{
    /// <returns>The address of the page; null if the administrator is gone.</returns>
    public async ValueTask<string?> RunAsync(CallContext call, string userId, BegunSignIn begun, bool mayEnroll, CancellationToken cancellationToken)
    {
        var request = new CreateSignInRequest { UserId = userId, PostActionUrl = begun.ResultUrl };
        var purpose = new SignInPurpose { Administrator = new AdministratorSignIn(begun.BrowserHash, mayEnroll) };
        var (_, created) = await create.RunAsync(call, request, purpose, cancellationToken);
        return created is null ? null : SignInPage.AddressOf(options.PublicUrl, created.RequestToken);
    }
}

/// <summary>Opens a session with the signed result of a second factor. It works once, and only in the browser that has begun the sign-in.</summary>
internal sealed class OpenAdministratorSession(Database database, OutcomeTokens outcomes, AuditLog audit, SecretHash hash, TimeProvider clock)
{
    private const int SecretLength = 43;

    /// <param name="resultUrl">The address to which the result was posted.</param>
    /// <param name="hasBegun">Says whether the browser has the secret with this hash.</param>
    /// <returns>The secret of the session, for the cookie; null if the result cannot be used.</returns>
    public async ValueTask<string?> RunAsync(
        CallContext call, string? signature, string resultUrl, Func<string, bool> hasBegun, CancellationToken cancellationToken)
    {
        if (signature is null || await outcomes.FindTransactionIdAsync(signature) is not { } id)
        {
            return null;
        }

        return await database.WriteAsync(
            async unit =>
            {
                var signIn = await TransactionStore.FindAsync(unit, call.Tenant, SignInOrigin.OriginName, id, cancellationToken);
                if (signIn is not { ProvedBy: not null }
                    || SignInData.Parse(signIn.OriginData!) is not { BrowserHash: { } browserHash } data || data.PostActionUrl != resultUrl || !hasBegun(browserHash))
                {
                    unit.Abandon();
                    return null;
                }

                return await OpenAsync(unit, call, signIn, cancellationToken);
            },
            cancellationToken);
    }

    private async ValueTask<string?> OpenAsync(UnitOfWork unit, CallContext call, Transaction signIn, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        unit.Enqueue(AttemptLimit.HoldIfExists(call.Tenant, signIn.UserId));
        if (!await unit.TryApplyAsync(
            [TransactionStore.Redeem(signIn, now), AdministratorStore.SetSignedIn(call.Tenant, signIn.UserId, now)], cancellationToken))
        {
            return null;
        }

        var secret = Tokens.NewAlphaNumeric(SecretLength);
        unit.Enqueue(AdministratorSessionStore.Insert(call.Tenant, hash.AdministratorSession(secret), signIn.UserId, (call.Source, now)));
        unit.Enqueue(AdministratorStore.Invitations.End(call.Tenant, signIn.UserId, now));
        audit.Add(unit, call.Tenant, new AuditEntry(AuditTypes.SignedIn, call.Source) { UserId = signIn.UserId, Details = """{"channel":"dashboard"}""" });
        return secret;
    }
}
