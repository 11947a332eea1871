using System.Text.Json;
using System.Text.Json.Serialization;
using Sallyport.Server.Http;

namespace Sallyport.Server.Users;

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, Converters = [typeof(InstantConverter)])]
[JsonSerializable(typeof(UserBlocksResponse))]
[JsonSerializable(typeof(UserPage))]
[JsonSerializable(typeof(IReadOnlyList<User>))]
[JsonSerializable(typeof(CreateUserRequest))]
[JsonSerializable(typeof(PatchUserRequest))]
[JsonSerializable(typeof(Dictionary<string, JsonElement>))]
internal sealed partial class UserJson : JsonSerializerContext;
