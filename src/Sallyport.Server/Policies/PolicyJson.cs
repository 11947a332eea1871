using System.Text.Json.Serialization;

namespace Sallyport.Server.Policies;

[JsonSerializable(typeof(MfaPolicies))]
[JsonSerializable(typeof(MfaSessionSettings))]
internal sealed partial class PolicyJson : JsonSerializerContext;
