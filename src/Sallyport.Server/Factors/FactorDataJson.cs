using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Sallyport.Server.Factors.Duo;
using Sallyport.Server.Factors.Email;
using Sallyport.Server.Factors.Push;
using Sallyport.Server.Factors.RecoveryCodes;
using Sallyport.Server.Factors.Sms;
using Sallyport.Server.Factors.Totp;
using Sallyport.Server.Factors.WebAuthn;

namespace Sallyport.Server.Factors;

/// <summary>How factors write <see cref="Authenticator.Data"/> and <see cref="Challenge.Data"/>.</summary>
[JsonSourceGenerationOptions(
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(TotpDataV1))]
[JsonSerializable(typeof(RecoveryCodeDataV1))]
[JsonSerializable(typeof(PhoneDataV1))]
[JsonSerializable(typeof(EmailDataV1))]
[JsonSerializable(typeof(SentCodeDataV1))]
[JsonSerializable(typeof(PushDataV1))]
[JsonSerializable(typeof(PushChallengeDataV1))]
[JsonSerializable(typeof(WebAuthnDataV1))]
[JsonSerializable(typeof(DuoDataV1))]
[JsonSerializable(typeof(DuoChallengeDataV1))]
[JsonSerializable(typeof(WebAuthnChallengeDataV1))]
internal sealed partial class FactorDataJson : JsonSerializerContext
{
    /// <summary>Data of a factor that has nothing of its own to store.</summary>
    public const string Empty = """{"v":1}""";

    public static T Read<T>(string data, JsonTypeInfo<T> contract) => JsonSerializer.Deserialize(data, contract)!;
}
