using System.Text;
using Sallyport.Server.Clients;
using Sallyport.Server.Factors;
using Sallyport.Server.Policies;
using Sallyport.Server.Storage;
using Sallyport.Server.Transactions;

namespace Sallyport.Server.SignIn;

/// <summary>
/// Lets the request token of a sign-in start its transaction. The transaction exists since the sign-in was created; a second start, for
/// example in another tab, replaces what the first one has begun.
/// </summary>
internal sealed class SignInOrigin(TransactionTokens tokens) : ITransactionOrigin
{
    public const string OriginName = "sign-in";

    /// <summary>A sign-in to the dashboard belongs to no client.</summary>
    private const string DashboardAudience = "dashboard";

    private static readonly TimeSpan ResultLifetime = TimeSpan.FromSeconds(60);

    public string Name => OriginName;

    public bool IsInvitation => false;

    public string Scheme => "Bearer";

    public async ValueTask<TransactionGrant?> FindGrantAsync(
        Session session, TenantId tenant, string credential, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (await tokens.ValidateRequestAsync(tenant, credential) is not { } identity)
        {
            return null;
        }

        var (found, factors) = await session.QueryBothAsync(
            TransactionStore.FindWithUser(identity),
            UserFactors.OfUser(tenant, identity.UserId),
            cancellationToken);
        if (found is not [{ Transaction: var transaction, User: var user }] || !transaction.IsAlive(now) || !transaction.TakesResponses)
        {
            return null;
        }

        var all = UserFactors.Of(factors);
        var data = SignInData.Parse(transaction.OriginData!);
        return new TransactionGrant(
            user, all with { Enabled = all.Enabled.Where(transaction.Admits).ToHashSet(StringComparer.Ordinal) }, transaction.OriginId, transaction.ExpiresAt)
        {
            Created = transaction,
            Factor = data.Adds,
            AllowMultipleEnrollments = transaction.AllowMultipleEnrollments,
            MayEnroll = data.SelfServiceEnrollment,
            WasOpened = transaction.Enrolls,
            LiveTransactions = transaction.Starts,
        };
    }

    public Statement? Spend(Transaction transaction, DateTimeOffset now) => null;

    public Statement? Supersede(Transaction transaction, DateTimeOffset now) => null;

    public TransactionResult ResultOf(Transaction transaction)
    {
        var data = SignInData.Parse(transaction.OriginData!);
        var claims = new Dictionary<string, object>
        {
            ["aud"] = transaction.ClientId ?? DashboardAudience,
            ["amr"] = MethodsOf(transaction),
            ["auth_time"] = transaction.AcceptedAt!.Value.ToUnixTimeSeconds(),
            ["remember_browser"] = IsRemembered(transaction),
        };
        if (ContextOf(transaction) is { } context)
        {
            claims["acr"] = context;
        }

        if (data.Nonce is { } nonce)
        {
            claims["nonce"] = nonce;
        }

        return new TransactionResult(claims, ResultLifetime);
    }

    /// <summary>
    /// The authentication methods (RFC 8176): that several factors were used, and how the second one was proved. Empty if none was used.
    /// </summary>
    public static string[] MethodsOf(Transaction transaction) => transaction.WaivedBy is not null
        ? []
        : ["mfa", .. (transaction.Amr ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries).Where(method => method != "mfa")];

    /// <summary>False if a policy has decided that the sign-in needs no second factor.</summary>
    public static bool IsRequired(Transaction transaction) => transaction.WaivedBy != Waiver.Policy;

    /// <returns>Null if no second factor was used.</returns>
    public static string? ContextOf(Transaction transaction) => transaction.WaivedBy is null ? AuthenticationContext.MultiFactor : null;

    /// <summary>The browser of this sign-in is remembered, since now or since before.</summary>
    public static bool IsRemembered(Transaction transaction) => transaction.RemembersBrowser || transaction.WaivedBy == Waiver.RememberedBrowser;

    public static byte[] OriginIdOf(string transactionId) => Encoding.ASCII.GetBytes(transactionId);
}

/// <summary>The sign-ins to a client, and their results, as credentials that end with it.</summary>
internal sealed class ClientSignIns : IClientCredential
{
    public Statement EndAll(TenantId tenant, string clientId, DateTimeOffset now) => TransactionEndStore.EndOfClient(tenant, clientId, now);
}
