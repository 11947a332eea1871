using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Sallyport.Server.Security;
using Sallyport.Server.Settings;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Factors;

/// <summary>How a factor sends codes.</summary>
/// <param name="Length">The number of digits.</param>
internal sealed record SentCodeSettings(int Length, TimeSpan Lifetime)
{
    /// <summary>The channels that the tenant allows, if the factor has more than one (<see cref="FactorTraits.Channels"/>).</summary>
    public IReadOnlyList<string> Channels { get; init; } = [];
}

/// <summary>
/// Codes that are sent to an address. Only a keyed hash is stored. It is bound to the challenge and to the address, so a code proves
/// only the address that it was sent to.
/// </summary>
internal sealed class SentCodes(SettingReader settings, SecretHash hash)
{
    public async ValueTask<SentCodeSettings> ReadSettingsAsync(
        Session session, TenantId tenant, SettingKind kind, CancellationToken cancellationToken)
    {
        JsonNode shown = SettingValue.Show(kind, await settings.FindAsync(session, tenant, kind, cancellationToken), withSecrets: false);
        var codes = shown.Deserialize(FactorJson.Default.CodeSettings)!;
        return new SentCodeSettings(codes.Length, TimeSpan.FromSeconds(codes.ExpirationTime));
    }

    public static string New(int length) => RandomNumberGenerator.GetString("0123456789", length);

    /// <returns>The data of the challenge.</returns>
    public string Store(string challengeId, string address, string code) =>
        JsonSerializer.Serialize(new SentCodeDataV1(hash.ChallengeCode(challengeId, address, code)), FactorDataJson.Default.SentCodeDataV1);

    /// <param name="address">The address that the authenticator has now; null if it has none.</param>
    public Acceptance? Verify(Authenticator authenticator, string? address, Challenge? open, FactorResponse response, DateTimeOffset now)
    {
        if (open is null || address is null)
        {
            return null;
        }

        var stored = FactorDataJson.Read(open.Data, FactorDataJson.Default.SentCodeDataV1).CodeHash;
        return CryptographicOperations.FixedTimeEquals(hash.ChallengeCode(open.Id, address, response.Value), stored)
            ? new Acceptance(ChallengeStore.Answer(open, now), AuthenticatorStore.Use(authenticator, authenticator.Data, now))
            : null;
    }
}

/// <param name="CodeHash">A keyed hash of the code that was sent, bound to its challenge and its address.</param>
internal sealed record SentCodeDataV1(byte[] CodeHash)
{
    [JsonPropertyName("v")]
    public int Version { get; init; } = 1;
}
