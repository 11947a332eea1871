using System.Text.Json.Serialization;
using Sallyport.Server.Factors;
using Sallyport.Server.Http;

namespace Sallyport.Server.AuthenticationMethods;

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, Converters = [typeof(InstantConverter)])]
[JsonSerializable(typeof(CreateMethodRequest))]
[JsonSerializable(typeof(SetMethodRequest))]
[JsonSerializable(typeof(PatchMethodRequest))]
[JsonSerializable(typeof(MethodResponse))]
[JsonSerializable(typeof(MethodPage))]
[JsonSerializable(typeof(IReadOnlyList<MethodResponse>))]
[JsonSerializable(typeof(WebAuthnCredentialV1))]
internal sealed partial class MethodJson : JsonSerializerContext;
