using Sallyport.Server.Audit;
using Sallyport.Server.Clients;
using Sallyport.Server.Connections;
using Sallyport.Server.Factors;
using Sallyport.Server.Http;
using Sallyport.Server.Policies;
using Sallyport.Server.Storage;
using Sallyport.Server.Tenants;
using Sallyport.Server.Transactions;
using Sallyport.Server.Users;

namespace Sallyport.Server.MfaApi;

internal enum ExchangePasswordOutcome
{
    Issued,
    MfaRequired,
    ClientUnauthorized,
    GrantTypeNotAllowed,
    ParameterMissing,

    /// <summary>There is no such connection, or it does not serve the client.</summary>
    ConnectionNotAllowed,

    /// <summary>There is no such API, or the client may not get tokens of users for it.</summary>
    ApiNotAllowed,

    /// <summary>The password is wrong, or there is no such user.</summary>
    WrongCredentials,
    UserBlocked,
    TooManyAttempts,
}

internal readonly record struct ExchangePasswordResult(ExchangePasswordOutcome Outcome)
{
    public TokenResponse? Token { get; init; }

    public MfaRequirement? Mfa { get; init; }

    public TimeSpan RetryAfter { get; init; }

    public override string ToString() => Outcome.ToString();
}

/// <summary>
/// The grant types <c>password</c> (RFC 6749 section 4.3) and <c>password-realm</c>: checks a user's password, and asks for a second factor if the
/// user has one or the policy requires one.
/// </summary>
internal sealed class ExchangePassword(
    Database database, AuthenticateClient authenticate, VerifyPassword verify, MfaSignIns signIns, AuditLog audit)
{
    public async ValueTask<ExchangePasswordResult> RunAsync(TokenRequest request, CallContext call, CancellationToken cancellationToken)
    {
        if (await authenticate.RunAsync(call.Tenant, request, cancellationToken) is not { } client)
        {
            return new ExchangePasswordResult(ExchangePasswordOutcome.ClientUnauthorized);
        }

        if (!client.MayUse(request.GrantType!))
        {
            return new ExchangePasswordResult(ExchangePasswordOutcome.GrantTypeNotAllowed);
        }

        if (request["username"] is not { } identifier || request["password"] is not { } password
            || (request.GrantType == GrantType.PasswordRealm && request["realm"] is null))
        {
            return new ExchangePasswordResult(ExchangePasswordOutcome.ParameterMissing);
        }

        var requested = new MfaData { Audience = request.Audience, Scope = request.Scope };
        var (connection, target) = await signIns.FindPlaceAsync(call.Tenant, client, request["realm"], requested, cancellationToken);
        if (connection is null || target is null)
        {
            return new ExchangePasswordResult(
                connection is null ? ExchangePasswordOutcome.ConnectionNotAllowed : ExchangePasswordOutcome.ApiNotAllowed);
        }

        var verified = await verify.RunAsync(call.Tenant, new PasswordLogin(connection, identifier, password), cancellationToken);
        if (verified.Outcome != VerifyPasswordOutcome.Right)
        {
            var outcome = OutcomeOf(verified.Outcome);
            await LogRefusalAsync(call, outcome, verified.User, cancellationToken);
            return new ExchangePasswordResult(outcome) { RetryAfter = verified.RetryAfter };
        }

        return await signIns.ContinueAsync(call, verified.User!, client, (requested, target), cancellationToken);
    }

    private static ExchangePasswordOutcome OutcomeOf(VerifyPasswordOutcome outcome) => outcome switch
    {
        VerifyPasswordOutcome.Right => ExchangePasswordOutcome.Issued,
        VerifyPasswordOutcome.Blocked => ExchangePasswordOutcome.UserBlocked,
        VerifyPasswordOutcome.Wrong => ExchangePasswordOutcome.WrongCredentials,
        VerifyPasswordOutcome.TooManyAttempts => ExchangePasswordOutcome.TooManyAttempts,
    };

    private ValueTask LogRefusalAsync(CallContext call, ExchangePasswordOutcome outcome, User? user, CancellationToken cancellationToken) =>
        database.WriteAsync(
            unit =>
            {
                var entry = new AuditEntry(AuditTypes.PasswordNotExchanged, call.Source) { UserId = user?.UserId };
                audit.AddRefusal(unit, call.Tenant, entry, cause: outcome.ToString());
                return ValueTask.CompletedTask;
            },
            cancellationToken);
}

/// <summary>Continues after a right password: issues tokens, or starts a transaction for the second factor.</summary>
internal sealed class MfaSignIns(Database database, AuditLog audit, FactorCatalog catalog, MfaTokenIssuer issuer)
{
    /// <returns>The name of the connection, null if the client may not use it; and what the client may get.</returns>
    public ValueTask<(string? Connection, TokenTarget? Target)> FindPlaceAsync(
        TenantId tenant, AuthenticatedClient client, string? realm, MfaData requested, CancellationToken cancellationToken) =>
        database.ReadAsync(
            async session =>
            {
                var settings = await TenantStore.GetSettingsAsync(session, tenant, cancellationToken);
                var name = Connection.NameOf(realm, settings.DefaultDirectory);
                var connection = await ConnectionStore.FindByNameAsync(session, tenant, name, cancellationToken);
                return connection?.Serves(client.ClientId) == true
                    ? (connection.Name, await issuer.Tokens.FindTargetAsync(session, tenant, client, (requested.Audience, requested.Scope), cancellationToken))
                    : ((string?)null, (TokenTarget?)null);
            },
            cancellationToken);

    public async ValueTask<ExchangePasswordResult> ContinueAsync(
        CallContext call, User user, AuthenticatedClient client, (MfaData Requested, TokenTarget Target) grant, CancellationToken cancellationToken)
    {
        var (factors, policies) = await database.ReadAsync(
            async session => (
                await UserFactors.FindAsync(session, call.Tenant, user.UserId, cancellationToken),
                await PolicyStore.GetPoliciesAsync(session, call.Tenant, cancellationToken)),
            cancellationToken);
        var decision = policies.Decide(CircumstancesOf(user, client.ClientId, SignInCircumstances.Split(grant.Requested.Scope)));
        if (!factors.IsEnrolled && (!decision.IsRequired || decision.Reason == PolicyReason.Default))
        {
            return new ExchangePasswordResult(ExchangePasswordOutcome.Issued)
            {
                Token = await issuer.IssueUnprovedAsync(call, user, client, grant.Target, cancellationToken),
            };
        }

        var requested = grant.Requested with { SelfServiceEnrollment = decision.AllowsSelfService(requested: null, client.Settings) };
        var transaction = MfaOrigin.NewTransaction(call.Tenant, (user.UserId, client.ClientId), requested, issuer.Now);
        if (!await database.WriteAsync(unit => WriteAsync(unit, call, transaction, cancellationToken), cancellationToken))
        {
            return new ExchangePasswordResult(ExchangePasswordOutcome.UserBlocked);
        }

        return new ExchangePasswordResult(ExchangePasswordOutcome.MfaRequired)
        {
            Mfa = new MfaRequirement(issuer.MfaTokenOf(transaction), RequirementsOf(factors, requested)),
        };
    }

    private async ValueTask<bool> WriteAsync(UnitOfWork unit, CallContext call, Transaction transaction, CancellationToken cancellationToken)
    {
        if (!await TransactionInsertion.TryInsertAsync(unit, transaction, first: null, cancellationToken))
        {
            return false;
        }

        audit.Add(unit, call.Tenant, new AuditEntry(AuditTypes.MfaRequired, call.Source) { UserId = transaction.UserId });
        return true;
    }

    private MfaRequirements RequirementsOf(UserFactors factors, MfaData requested) =>
        factors.IsEnrolled
            ? new MfaRequirements([.. catalog.Answerable(factors).Select(MfaFactorNames.TypeOf)], Enroll: null)
            : new MfaRequirements(
                Challenge: null,
                requested.SelfServiceEnrollment ? [.. catalog.Enrollable(factors).Select(factor => factor.Traits).Where(traits => !traits.IsAnsweredByBrowser).Select(MfaFactorNames.TypeOf)] : []);

    /// <summary>Without an address: that of the request is often the backend's, and must not count as the user's network.</summary>
    public static SignInCircumstances CircumstancesOf(User user, string clientId, IReadOnlyList<string> scopes) =>
        new(clientId, user.Connection)
        {
            Scopes = scopes,
            AppMetadata = user.AppMetadata,
            UserMetadata = user.UserMetadata,
        };
}
