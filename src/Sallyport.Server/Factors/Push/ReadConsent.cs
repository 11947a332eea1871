using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Sallyport.Server.Configuration;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Factors.Push;

internal enum ConsentOutcome
{
    Found,
    NotFound,

    /// <summary>The proof is not one of this phone for this request, or was used before.</summary>
    ProofRefused,
}

/// <param name="AnswerToken">The token of the push message.</param>
/// <param name="Proof">A DPoP proof (RFC 9449 section 4.2) that the phone has signed.</param>
internal sealed record ConsentRequest(string ConsentId, string AnswerToken, string Proof)
{
    public override string ToString() => "***";
}

/// <param name="BindingMessage">The number that the browser shows as well.</param>
internal readonly record struct ConsentResult(ConsentOutcome Outcome, string? BindingMessage = null);

/// <summary>Returns the details of a challenge to its phone. Each proof works once (docs/wire.md §4.6).</summary>
internal sealed class ReadConsent(Database database, SallyportOptions options, TimeProvider clock)
{
    /// <summary>RFC 9449 section 11.1: how old a proof may be.</summary>
    private static readonly TimeSpan MaxAge = TimeSpan.FromMinutes(5);

    private const int MaxProofs = 20;
    private const int MaxProofIdLength = 200;

    public async ValueTask<ConsentResult> RunAsync(Authenticator authenticator, Challenge open, ConsentRequest request, CancellationToken cancellationToken)
    {
        var (data, challenge) = (PushFactor.Read(authenticator), FactorDataJson.Read(open.Data, FactorDataJson.Default.PushChallengeDataV1));
        if (data.PublicKey is null || challenge.ConsentId is null || challenge.ConsentId != request.ConsentId)
        {
            return new ConsentResult(ConsentOutcome.NotFound);
        }

        var key = DeviceKey.Parse(data.PublicKey);
        if (DeviceToken.Read(request.Proof, key) is not { } proof || !IsFor(proof, key, request)
            || proof.Text("jti") is not { Length: > 0 and <= MaxProofIdLength } id)
        {
            return new ConsentResult(ConsentOutcome.ProofRefused);
        }

        return await TryUseAsync(open, challenge, HashOf(id), cancellationToken)
            ? new ConsentResult(ConsentOutcome.Found, challenge.BindingMessage)
            : new ConsentResult(ConsentOutcome.ProofRefused);
    }

    private bool IsFor(DeviceToken proof, DeviceKey key, ConsentRequest request)
    {
        var now = clock.GetUtcNow();
        return proof.Header("typ") is { ValueKind: JsonValueKind.String } type && type.ValueEquals("dpop+jwt")
            && proof.Header("jwk") is { } jwk && key.IsSameAs(jwk)
            && proof.Text("htm") == "GET"
            && proof.Text("htu") is { } address
            && DeviceToken.Canonical(address) == DeviceToken.Canonical($"{options.PublicUrl}/rich-consents/{request.ConsentId}")
            && proof.Text("ath") == HashOf(request.AnswerToken)
            && proof.Time("iat") is { } issued && issued > now - MaxAge && issued < now + DeviceToken.ClockSkew;
    }

    /// <summary>Stores the proof with its challenge. Only one of several concurrent requests succeeds.</summary>
    private async ValueTask<bool> TryUseAsync(Challenge open, PushChallengeDataV1 challenge, string proofHash, CancellationToken cancellationToken)
    {
        if (challenge.UsedProofs.Contains(proofHash, StringComparer.Ordinal) || challenge.UsedProofs.Count >= MaxProofs)
        {
            return false;
        }

        var changed = challenge with { UsedProofs = [.. challenge.UsedProofs, proofHash] };
        var newData = JsonSerializer.Serialize(changed, FactorDataJson.Default.PushChallengeDataV1);
        return await database.WriteAsync(
            unit => unit.ExecuteAsync(ChallengeStore.Replace(open, newData), cancellationToken), cancellationToken) == 1;
    }

    private static string HashOf(string text) => Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
