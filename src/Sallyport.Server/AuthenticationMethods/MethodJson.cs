using System.Text.Json.Serialization;
using Sallyport.Server.Http;

namespace Sallyport.Server.AuthenticationMethods;

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, Converters = [typeof(InstantConverter)])]
[JsonSerializable(typeof(CreateAuthenticationMethodRequest))]
[JsonSerializable(typeof(SetAuthenticationMethodRequest))]
[JsonSerializable(typeof(PatchAuthenticationMethodRequest))]
[JsonSerializable(typeof(AuthenticationMethodResponse))]
[JsonSerializable(typeof(AuthenticationMethodPage))]
[JsonSerializable(typeof(IReadOnlyList<AuthenticationMethodResponse>))]
internal sealed partial class MethodJson : JsonSerializerContext;
