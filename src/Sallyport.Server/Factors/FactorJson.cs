using System.Text.Json.Serialization;
using Sallyport.Server.Factors.Push.Providers;
using Sallyport.Server.Factors.Settings;
using Sallyport.Server.Factors.Sms.Guard;
using Sallyport.Server.Factors.Sms.Providers;
using Sallyport.Server.Http;

namespace Sallyport.Server.Factors;

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, Converters = [typeof(InstantConverter)])]
[JsonSerializable(typeof(FactorSwitch))]
[JsonSerializable(typeof(IReadOnlyList<FactorListItem>))]
[JsonSerializable(typeof(EnrollmentResponse))]
[JsonSerializable(typeof(RecoveryCodeResponse))]
[JsonSerializable(typeof(IReadOnlyList<UserEnrollmentResponse>))]
[JsonSerializable(typeof(TwilioProvider))]
[JsonSerializable(typeof(SnsProvider))]
[JsonSerializable(typeof(PhoneSnsProvider))]
[JsonSerializable(typeof(PhoneHookProvider))]
[JsonSerializable(typeof(PhoneGuardSettings))]
[JsonSerializable(typeof(PhoneDestinationsResponse))]
[JsonSerializable(typeof(PhoneTest))]
[JsonSerializable(typeof(ApnsProvider))]
[JsonSerializable(typeof(ApnsProviderState))]
[JsonSerializable(typeof(FcmProvider))]
[JsonSerializable(typeof(FcmV1Provider))]
[JsonSerializable(typeof(DuoSettings))]
[JsonSerializable(typeof(PhoneTemplates))]
[JsonSerializable(typeof(PhoneMessageTypes))]
[JsonSerializable(typeof(PhoneProviderChoice))]
[JsonSerializable(typeof(PushProviderChoice))]
[JsonSerializable(typeof(PushSettings))]
[JsonSerializable(typeof(PushTest))]
[JsonSerializable(typeof(SnsPushTest))]
[JsonSerializable(typeof(WebAuthnRoamingSettings))]
[JsonSerializable(typeof(WebAuthnPlatformSettings))]
[JsonSerializable(typeof(CodeSettings))]
[JsonSerializable(typeof(MfaPushPrompt))]
internal sealed partial class FactorJson : JsonSerializerContext;
