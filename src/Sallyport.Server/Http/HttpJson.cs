using System.Text.Json.Serialization;

namespace Sallyport.Server.Http;

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ApiErrorBody))]
[JsonSerializable(typeof(OAuthErrorBody))]
internal sealed partial class HttpJson : JsonSerializerContext;
