using System.Text.Json;
using Sallyport.Server.Audit;
using Sallyport.Server.Clients;
using Sallyport.Server.Configuration;
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

    /// <summary>The address is not one of the client's callbacks.</summary>
    AddressNotAllowed,
}

/// <summary>A sign-in that was created.</summary>
/// <param name="RequestToken">Starts the transaction; valid until it expires.</param>
/// <param name="PageUrl">The hosted page that asks for the second factor.</param>
internal sealed record NewSignIn(Transaction Transaction, string RequestToken, string PageUrl)
{
    public override string ToString() => "***";
}

/// <summary>
/// Opens a sign-in for a user whose first factor the application has checked. Nothing happens until its request token starts the
/// transaction.
/// </summary>
internal sealed class CreateSignIn(Database database, AuditLog audit, TransactionTokens tokens, SallyportOptions options, TimeProvider clock)
{
    /// <summary>Long enough to find the phone.</summary>
    private static readonly TimeSpan LifetimeForEnrolled = TimeSpan.FromMinutes(5);

    public async ValueTask<(CreateSignInOutcome Outcome, NewSignIn? Created)> RunAsync(
        CallContext call, CreateSignInRequest request, CancellationToken cancellationToken)
    {
        var (client, user, factors, policies) = await database.ReadAsync(
            async session => (
                await ClientStore.FindAsync(session, call.Tenant, request.ClientId, cancellationToken),
                await UserStore.FindAsync(session, call.Tenant, request.UserId, cancellationToken),
                await UserFactors.FindAsync(session, call.Tenant, request.UserId, cancellationToken),
                await PolicyStore.GetPoliciesAsync(session, call.Tenant, cancellationToken)),
            cancellationToken);
        if (Refuse(client, user, request) is { } outcome)
        {
            return (outcome, null);
        }

        var decision = policies.Decide(PolicyStore.CircumstancesOf(request, user!));
        var mayEnroll = decision.AllowsSelfService(request.SelfServiceEnrollment, SettingsOf(client!));
        var lifetime = factors.IsEnrolled || !decision.IsRequired ? LifetimeForEnrolled : Transaction.Lifetime;
        var transaction = New(call, request, decision.IsRequired, mayEnroll, lifetime);
        await database.WriteAsync(
            unit =>
            {
                unit.Enqueue(TransactionStore.Insert(transaction));
                audit.Add(unit, call.Tenant, ApiOperation.Succeeded(call, request.UserId));
                return ValueTask.CompletedTask;
            },
            cancellationToken);
        var token = tokens.IssueRequest(transaction);
        return (CreateSignInOutcome.Created, new NewSignIn(transaction, token, $"{options.PublicUrl}{SignInPage.Path}?{SignInPage.TokenField}={token}"));
    }

    private static CreateSignInOutcome? Refuse(Client? client, User? user, CreateSignInRequest request)
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
        return !callbacks.Contains(request.PostActionUrl, StringComparer.Ordinal) ? CreateSignInOutcome.AddressNotAllowed
            : user.Blocked == true ? CreateSignInOutcome.UserBlocked
            : null;
    }

    private static ClientResponse SettingsOf(Client client) => JsonSerializer.Deserialize(client.Settings, ClientJson.Default.ClientResponse)!;

    /// <param name="isRequired">Otherwise it is accepted from the start, and its page posts the result at once.</param>
    private Transaction New(CallContext call, CreateSignInRequest request, bool isRequired, bool mayEnroll, TimeSpan lifetime)
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
                SelfServiceEnrollment = mayEnroll,
                Nonce = request.Nonce,
                BindingMessage = request.BindingMessage,
                AcrValues = request.AcrValues,
            }.ToJson(),
            Factors = request.Factors is { } factors ? string.Join(' ', factors.Distinct(StringComparer.Ordinal)) : null,
            Enrolls = false,
            AllowMultipleEnrollments = false,
            State = isRequired ? TransactionState.Pending : TransactionState.Accepted,
            AcceptedAt = isRequired ? null : now,
            WaivedBy = isRequired ? null : Waiver.Policy,
            CreatedAt = now,
            ExpiresAt = now + lifetime,
        };
    }
}
