using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Sallyport.Server.Factors;
using Sallyport.Server.Storage;
using Sallyport.Server.Transactions;

namespace Sallyport.Server.MfaApi;

/// <summary>
/// Transactions of the MFA API. The password step creates one, and its <c>mfa_token</c> names it. It starts only if an authenticator is
/// associated; otherwise it is proved as it is.
/// </summary>
internal sealed class MfaOrigin(TransactionTokens tokens) : ITransactionOrigin
{
    public const string OriginName = "mfa-api";

    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    public string Name => OriginName;

    public bool IsInvitation => false;

    public bool EndsWithEnrollment => true;

    public string? Scheme => null;

    /// <param name="credential">An <c>mfa_token</c>.</param>
    public async ValueTask<TransactionGrant?> FindGrantAsync(
        Session session, TenantId tenant, string credential, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (await tokens.ValidateMfaAsync(tenant, credential) is not { } identity)
        {
            return null;
        }

        var (found, factors) = await session.QueryBothAsync(
            TransactionStore.FindWithUser(identity), UserFactors.OfUser(tenant, identity.UserId), cancellationToken);
        if (found is not [{ Transaction: var transaction, User: var user }] || !transaction.IsAlive(now) || !transaction.TakesResponses)
        {
            return null;
        }

        return new TransactionGrant(user, UserFactors.Of(factors), transaction.OriginId, transaction.ExpiresAt)
        {
            Created = transaction,
            AllowMultipleEnrollments = transaction.AllowMultipleEnrollments,
            MayEnroll = MfaData.Parse(transaction.OriginData!).SelfServiceEnrollment,
            LiveTransactions = transaction.Starts,
        };
    }

    public Statement? Spend(Transaction transaction, DateTimeOffset now) => null;

    public Statement? Supersede(Transaction transaction, DateTimeOffset now) => null;

    /// <exception cref="NotSupportedException">Always: the token endpoint gives access tokens, and no page reads a signed result.</exception>
    public TransactionResult ResultOf(Transaction transaction) => throw new NotSupportedException("The MFA API has no signed result.");

    /// <param name="originId">Null if the transaction stands for itself.</param>
    public static Transaction NewTransaction(
        TenantId tenant, (string UserId, string ClientId) owner, MfaData data, DateTimeOffset now, byte[]? originId = null)
    {
        var id = Transaction.NewId();
        return new Transaction
        {
            Tenant = tenant,
            Id = id,
            UserId = owner.UserId,
            ClientId = owner.ClientId,
            Origin = OriginName,
            OriginId = originId ?? Encoding.ASCII.GetBytes(id),
            OriginData = data.ToJson(),
            Enrolls = false,
            AllowMultipleEnrollments = originId is not null,
            State = TransactionState.Pending,
            CreatedAt = now,
            ExpiresAt = now + Lifetime,
        };
    }
}

/// <summary>The data that a transaction of the MFA API keeps in <see cref="Transaction.OriginData"/>.</summary>
internal sealed record MfaData
{
    [JsonPropertyName("v")]
    public int Version { get; init; } = 1;

    /// <summary>As it was requested.</summary>
    [JsonPropertyName("audience")]
    public string? Audience { get; init; }

    /// <summary>As it was requested.</summary>
    [JsonPropertyName("scope")]
    public string? Scope { get; init; }

    /// <summary>Whether a user without an authenticator may enroll one.</summary>
    [JsonPropertyName("self_service_enrollment")]
    public bool SelfServiceEnrollment { get; init; }

    public static MfaData Parse(string json) => JsonSerializer.Deserialize(json, MfaJson.Default.MfaData)!;

    public string ToJson() => JsonSerializer.Serialize(this, MfaJson.Default.MfaData);
}

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(MfaData))]
[JsonSerializable(typeof(MfaChallengeParameters))]
[JsonSerializable(typeof(MfaChallengeResponse))]
[JsonSerializable(typeof(MfaAssociateRequest))]
[JsonSerializable(typeof(MfaAssociationResponse))]
[JsonSerializable(typeof(IReadOnlyList<MfaAuthenticatorResponse>))]
internal sealed partial class MfaJson : JsonSerializerContext;
