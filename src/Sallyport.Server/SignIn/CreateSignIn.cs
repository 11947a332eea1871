using System.Text.Json;
using Sallyport.Server.Audit;
using Sallyport.Server.Clients;
using Sallyport.Server.Factors;
using Sallyport.Server.Security;
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
    /// <summary>Long enough to find the phone.</summary>
    private static readonly TimeSpan LifetimeForEnrolled = TimeSpan.FromMinutes(5);

    private const string SelfServiceMetadata = "self_service_enrollment";

    private static readonly string FactorsOfUser = UserFactors.Select("@user_id");

    public async ValueTask<(CreateSignInOutcome Outcome, NewSignIn? Created)> RunAsync(
        CallContext call, CreateSignInRequest request, CancellationToken cancellationToken)
    {
        var (client, user, factors) = await database.ReadAsync(
            async session => (
                await ClientStore.FindAsync(session, call.Tenant, request.ClientId, cancellationToken),
                await UserStore.FindAsync(session, call.Tenant, request.UserId, cancellationToken),
                UserFactors.Of(await session.QueryAsync(
                    new Statement(FactorsOfUser, ("tenant_id", call.Tenant.Value), ("user_id", request.UserId)),
                    row => UserFactors.Read(row, call.Tenant),
                    cancellationToken))),
            cancellationToken);
        if (Refuse(client, user, request) is { } outcome)
        {
            return (outcome, null);
        }

        var transaction = New(call, request, SettingsOf(client!), factors.IsEnrolled);
        try
        {
            if (await database.WriteAsync(unit => WriteAsync(unit, call, transaction, cancellationToken), cancellationToken) is { } late)
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

    /// <summary>Holds the user, as a block does, so the two happen one after the other: a block ends the sign-in, or prevents it.</summary>
    private async ValueTask<CreateSignInOutcome?> WriteAsync(
        UnitOfWork unit, CallContext call, Transaction transaction, CancellationToken cancellationToken)
    {
        unit.Enqueue(AttemptLimit.Hold(call.Tenant, transaction.UserId));
        if (await UserStore.FindAsync(unit, call.Tenant, transaction.UserId, cancellationToken) is not { Blocked: not true })
        {
            unit.Abandon();
            return CreateSignInOutcome.UserBlocked;
        }

        unit.Enqueue(TransactionStore.Insert(transaction));
        audit.Add(unit, call.Tenant, ApiOperation.Succeeded(call, transaction.UserId));
        return null;
    }

    private CreateSignInOutcome? Refuse(Client? client, User? user, CreateSignInRequest request)
    {
        if (user is null)
        {
            return CreateSignInOutcome.UserNotFound;
        }

        if (client is not { IsGlobal: false })
        {
            return CreateSignInOutcome.ClientNotFound;
        }

        // As redirect addresses: character by character (RFC 9700 section 2.1).
        var callbacks = SettingsOf(client).Callbacks ?? [];
        return !callbacks.Contains(request.PostActionUrl, StringComparer.Ordinal) || !CallbackAddress.IsValid(request.PostActionUrl)
                ? CreateSignInOutcome.AddressNotAllowed
            : request.Factors?.Any(name => catalog.Find(name) is null) == true ? CreateSignInOutcome.FactorNotAvailable
            : user.Blocked == true ? CreateSignInOutcome.UserBlocked
            : null;
    }

    private static ClientResponse SettingsOf(Client client) => JsonSerializer.Deserialize(client.Settings, ClientJson.Default.ClientResponse)!;

    private Transaction New(CallContext call, CreateSignInRequest request, ClientResponse client, bool isEnrolled)
    {
        var (id, now) = (Transaction.NewId(), clock.GetUtcNow());
        return new Transaction
        {
            Tenant = call.Tenant,
            Id = id,
            UserId = request.UserId,
            ClientId = request.ClientId,
            Origin = SignInOrigin.OriginName,
            OriginId = SignInOrigin.OriginIdOf(id),
            OriginData = new SignInData
            {
                CreatedBy = call.Source.ClientId!,
                PostActionUrl = request.PostActionUrl,
                AllowRememberBrowser = request.AllowRememberBrowser ?? false,
                SelfServiceEnrollment = request.SelfServiceEnrollment ?? AllowsSelfService(client),
                Nonce = request.Nonce,
                BindingMessage = request.BindingMessage,
                AcrValues = request.AcrValues,
            }.ToJson(),
            Factors = request.Factors is { } factors ? string.Join(' ', factors.Distinct(StringComparer.Ordinal)) : null,
            Enrolls = false,
            AllowMultipleEnrollments = false,
            State = TransactionState.Pending,
            CreatedAt = now,
            ExpiresAt = now + (isEnrolled ? LifetimeForEnrolled : Transaction.Lifetime),
        };
    }

    /// <summary>
    /// A client switches it off for all of its sign-ins with <c>client_metadata.self_service_enrollment</c>: any value but <c>"true"</c>.
    /// </summary>
    private static bool AllowsSelfService(ClientResponse client) =>
        client.ClientMetadata?.TryGetValue(SelfServiceMetadata, out var value) != true
        || value.ToString().Equals("true", StringComparison.OrdinalIgnoreCase);
}
