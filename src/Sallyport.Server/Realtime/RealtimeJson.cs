using System.Text.Json.Serialization;

namespace Sallyport.Server.Realtime;

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(EnrollmentConfirmed))]
[JsonSerializable(typeof(LoginComplete))]
[JsonSerializable(typeof(LoginRejected))]
[JsonSerializable(typeof(SocketRefusal))]
[JsonSerializable(typeof(Unauthorized))]
[JsonSerializable(typeof(string[]))]
internal sealed partial class RealtimeJson : JsonSerializerContext;
