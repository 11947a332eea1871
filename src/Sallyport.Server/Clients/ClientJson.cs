using System.Text.Json.Serialization;

namespace Sallyport.Server.Clients;

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(TokenParameters))]
[JsonSerializable(typeof(TokenResponse))]
[JsonSerializable(typeof(DiscoveryDocument))]
[JsonSerializable(typeof(JsonWebKeySetResponse))]
[JsonSerializable(typeof(IReadOnlyList<SigningKeyResponse>))]
[JsonSerializable(typeof(CreateClientRequest))]
[JsonSerializable(typeof(PatchClientRequest))]
[JsonSerializable(typeof(ClientPage))]
[JsonSerializable(typeof(CreateClientGrantRequest))]
[JsonSerializable(typeof(PatchClientGrantRequest))]
[JsonSerializable(typeof(ClientGrantPage))]
internal sealed partial class ClientJson : JsonSerializerContext;
