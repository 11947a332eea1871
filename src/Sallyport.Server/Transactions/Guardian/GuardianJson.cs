using System.Text.Json.Serialization;
using Sallyport.Server.Http;

namespace Sallyport.Server.Transactions.Guardian;

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, Converters = [typeof(InstantConverter)])]
[JsonSerializable(typeof(StartFlowRequest))]
[JsonSerializable(typeof(StartFlowResponse))]
[JsonSerializable(typeof(TransactionStateResponse))]
[JsonSerializable(typeof(VerifyOtpRequest))]
[JsonSerializable(typeof(EmptyResponse))]
[JsonSerializable(typeof(SendRequest))]
[JsonSerializable(typeof(SentChallengeResponse))]
[JsonSerializable(typeof(SmsEnrollRequest))]
[JsonSerializable(typeof(SmsEnrollResponse))]
[JsonSerializable(typeof(EnrollRequest))]
[JsonSerializable(typeof(EnrollResponse))]
[JsonSerializable(typeof(DeviceAccountPatch))]
[JsonSerializable(typeof(DeviceAccountAnswer))]
[JsonSerializable(typeof(ResolveTransactionRequest))]
[JsonSerializable(typeof(ConsentResponse))]
[JsonSerializable(typeof(RecoverAccountRequest))]
[JsonSerializable(typeof(RecoverAccountResponse))]
[JsonSerializable(typeof(QrCodeRequest))]
[JsonSerializable(typeof(RedirectRequest))]
[JsonSerializable(typeof(RedirectResponse))]
[JsonSerializable(typeof(WebAuthnChallengeRequest))]
[JsonSerializable(typeof(WebAuthnChallengeResponse))]
[JsonSerializable(typeof(WebAuthnVerifyRequest))]
[JsonSerializable(typeof(WebAuthnVerifyResponse))]
[JsonSerializable(typeof(WebAuthnNameRequest))]
[JsonSerializable(typeof(IReadOnlyCollection<string>))]
internal sealed partial class GuardianJson : JsonSerializerContext;
