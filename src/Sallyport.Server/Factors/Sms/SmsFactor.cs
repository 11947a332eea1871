using System.Text.Json;
using System.Text.Json.Serialization;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Factors.Sms;

/// <summary>A phone number. Stored for the Management API; this version sends no text messages.</summary>
internal sealed class SmsFactor : IStoredFactor
{
    public FactorTraits Traits { get; } = new(FactorNames.Sms, "sms", "phone")
    {
        Label = texts => texts.FactorPhone,
        Rank = 30,
        HasDeliveryChoice = true,
        TicketName = "phone",
        EnrollmentMethod = "sms",
    };

    public StoredData Store(AuthenticatorDetails details, TenantId tenant, string authenticatorId) =>
        new(JsonSerializer.Serialize(new PhoneDataV1(details.PhoneNumber, details.PreferredMethod), FactorDataJson.Default.PhoneDataV1));

    public AuthenticatorDetails Describe(Authenticator authenticator)
    {
        var data = FactorDataJson.Read(authenticator.Data, FactorDataJson.Default.PhoneDataV1);
        return new AuthenticatorDetails { PhoneNumber = data.PhoneNumber, PreferredMethod = data.PreferredMethod };
    }

    public bool IsSame(Authenticator known, AuthenticatorDetails details) => Describe(known).PhoneNumber == details.PhoneNumber;
}

/// <param name="PhoneNumber">E.164.</param>
/// <param name="PreferredMethod"><c>sms</c> or <c>voice</c>.</param>
internal sealed record PhoneDataV1(string? PhoneNumber, string? PreferredMethod)
{
    [JsonPropertyName("v")]
    public int Version { get; init; } = 1;
}
