using System.Text.Json;
using Sallyport.Server.Audit;
using Sallyport.Server.Clients;
using Sallyport.Server.Factors;
using Sallyport.Server.Policies;
using Sallyport.Server.Storage;
using Sallyport.Server.Transactions;
using Sallyport.Server.Users;

namespace Sallyport.Server.SignIn;

internal enum CreateSignInOutcome
{
    Created,
    UserNotFound,
    UserBlocked,
    ClientNotFound,

    /// <summary>The address is not one of the client's callbacks, or not one of the web.</summary>
    AddressNotAllowed,

    /// <summary>This version cannot verify one of the named factors.</summary>
    FactorNotAvailable,
}

/// <summary>A sign-in that was created.</summary>
/// <param name="RequestToken">Starts the transaction; valid until it expires.</param>
internal sealed record NewSignIn(Transaction Transaction, string RequestToken)
{
    public override string ToString() => "***";
}

/// <summary>
/// Opens a sign-in for a user whose first factor the application has checked. Nothing happens until its request token starts the
/// transaction.
/// </summary>
internal sealed class CreateSignIn(Database database, AuditLog audit, FactorCatalog catalog, TransactionTokens tokens, TimeProvider clock)
{
    /// <summary>The factors to which a sign-in can be limited.</summary>
    public IEnumerable<string> FactorNames => catalog.Verifiable.Select(traits => traits.Name);

    /// <summary>Long enough to find the phone.</summary>
    private static readonly TimeSpan LifetimeForEnrolled = TimeSpan.FromMinutes(5);

    public async ValueTask<(CreateSignInOutcome Outcome, NewSignIn? Created)> RunAsync(
        CallContext call, CreateSignInRequest request, SignInPurpose purpose, CancellationToken cancellationToken)
    {
        var (client, user, factors, policies) = await database.ReadAsync(
            async session => (
                await ClientStore.FindAsync(session, call.Tenant, request.ClientId, cancellationToken),
                await UserStore.FindAsync(session, call.Tenant, request.UserId, cancellationToken),
                await UserFactors.FindAsync(session, call.Tenant, request.UserId, cancellationToken),
                await PolicyStore.GetPoliciesAsync(session, call.Tenant, cancellationToken)),
            cancellationToken);
        if (Refuse(client, user, request, purpose) is { } outcome)
        {
            return (outcome, null);
        }

        var decision = policies.Decide(PolicyStore.CircumstancesOf(request, user!));
        var isRequired = decision.IsRequired || purpose.NeedsFactor;
        var lifetime = (factors.IsEnrolled && purpose.Adds is null) || !isRequired ? LifetimeForEnrolled : Transaction.Lifetime;
        var data = new SignInData
        {
            CreatedBy = purpose.IsOfBackend ? call.Source.ClientId! : null,
            Authorization = purpose.Authorization,
            Adds = purpose.Adds,
            PostActionUrl = request.PostActionUrl,
            BrowserHash = purpose.Administrator?.BrowserHash,
            AllowRememberBrowser = request.AllowRememberBrowser == true && !purpose.NeedsFactor,
            SelfServiceEnrollment = purpose.Adds is not null
                || (purpose.Administrator?.MayEnroll ?? decision.AllowsSelfService(request.SelfServiceEnrollment, SettingsOf(client!))),
            Nonce = request.Nonce,
            BindingMessage = request.BindingMessage,
            AcrValues = request.AcrValues,
        };
        var transaction = New(call.Tenant, request, data, isRequired, lifetime);
        try
        {
            if (await database.WriteAsync(unit => WriteAsync(unit, call, (request, purpose, transaction), cancellationToken), cancellationToken) is { } late)
            {
                return (late, null);
            }
        }
        catch (System.Data.Common.DbException exception) when (ConstraintViolation.IsForeignKey(exception))
        {
            return (CreateSignInOutcome.UserNotFound, null);
        }

        return (CreateSignInOutcome.Created, new NewSignIn(transaction, tokens.IssueRequest(transaction)));
    }

    private async ValueTask<CreateSignInOutcome?> WriteAsync(
        UnitOfWork unit, CallContext call, (CreateSignInRequest Request, SignInPurpose Purpose, Transaction Transaction) created,
        CancellationToken cancellationToken)
    {
        var (request, purpose, transaction) = created;
        if (purpose.Administrator is null)
        {
            // The deletion of the client, or of its callback, happens before this or after it: it prevents the sign-in, or ends it.
            var client = await ClientStore.HoldAsync(unit, call.Tenant, request.ClientId, cancellationToken);
            if (RefuseClient(client, request, purpose) is { } refused)
            {
                unit.Abandon();
                return refused;
            }
        }

        if (!await TransactionInsertion.TryInsertAsync(unit, transaction, first: null, cancellationToken))
        {
            return CreateSignInOutcome.UserBlocked;
        }

        if (purpose.IsOfBackend)
        {
            audit.Add(unit, call.Tenant, ApiOperation.Succeeded(call, transaction.UserId));
        }

        return null;
    }

    private CreateSignInOutcome? Refuse(Client? client, User? user, CreateSignInRequest request, SignInPurpose purpose)
    {
        if (user is null)
        {
            return CreateSignInOutcome.UserNotFound;
        }

        return RefuseClient(client, request, purpose) is { } outcome ? outcome
            : request.Factors?.Any(name => catalog.Find(name) is null) == true ? CreateSignInOutcome.FactorNotAvailable
            : user.Blocked == true ? CreateSignInOutcome.UserBlocked
            : null;
    }

    private static CreateSignInOutcome? RefuseClient(Client? client, CreateSignInRequest request, SignInPurpose purpose) =>
        purpose.Administrator is not null ? null
        : client is not { IsGlobal: false } ? CreateSignInOutcome.ClientNotFound
        : !purpose.LeadsHere && !CallbackAddress.IsOneOf(SettingsOf(client).Callbacks, request.PostActionUrl) ? CreateSignInOutcome.AddressNotAllowed
        : null;

    private static ClientResponse SettingsOf(Client client) => JsonSerializer.Deserialize(client.Settings, ClientJson.Default.ClientResponse)!;

    /// <param name="isRequired">Otherwise it is accepted from the start, and its page posts the result at once.</param>
    private Transaction New(TenantId tenant, CreateSignInRequest request, SignInData data, bool isRequired, TimeSpan lifetime)
    {
        var (id, now) = (Transaction.NewId(), clock.GetUtcNow());
        return new Transaction
        {
            Tenant = tenant,
            Id = id,
            UserId = request.UserId,
            ClientId = request.ClientId.Length == 0 ? null : request.ClientId,
            Origin = SignInOrigin.OriginName,
            OriginId = SignInOrigin.OriginIdOf(id),
            OriginData = data.ToJson(),
            Factors = request.Factors is { } factors ? string.Join(' ', factors.Distinct(StringComparer.Ordinal)) : null,
            Enrolls = false,
            AllowMultipleEnrollments = data.Adds is not null,
            State = isRequired ? TransactionState.Pending : TransactionState.Accepted,
            AcceptedAt = isRequired ? null : now,
            WaivedBy = isRequired ? null : Waiver.Policy,
            CreatedAt = now,
            ExpiresAt = now + lifetime,
        };
    }
}
