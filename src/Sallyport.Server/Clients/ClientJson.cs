using System.Text.Json.Serialization;

namespace Sallyport.Server.Clients;

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(TokenParameters))]
[JsonSerializable(typeof(TokenResponse))]
[JsonSerializable(typeof(DiscoveryDocument))]
[JsonSerializable(typeof(JsonWebKeySetResponse))]
[JsonSerializable(typeof(IReadOnlyList<SigningKeyResponse>))]
internal sealed partial class ClientJson : JsonSerializerContext;
