using System.Text.Json;
using System.Text.Json.Serialization;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Factors.Email;

/// <summary>An email address. Stored for the Management API; this version sends no codes.</summary>
internal sealed class EmailFactor : IStoredFactor
{
    public FactorTraits Traits { get; } = new(FactorNames.Email, "email", "email") { Rank = 20 };

    public StoredData Store(AuthenticatorDetails details, TenantId tenant, string authenticatorId) =>
        new(JsonSerializer.Serialize(new EmailDataV1(details.Email), FactorDataJson.Default.EmailDataV1));

    public AuthenticatorDetails Describe(Authenticator authenticator) =>
        new() { Email = FactorDataJson.Read(authenticator.Data, FactorDataJson.Default.EmailDataV1).Address };

    public bool IsSame(Authenticator known, AuthenticatorDetails details) => Describe(known).Email == details.Email;
}

internal sealed record EmailDataV1(string? Address)
{
    [JsonPropertyName("v")]
    public int Version { get; init; } = 1;
}
