using System.Text.Json.Serialization;
using Sallyport.Server.Http;

namespace Sallyport.Server.Factors;

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, Converters = [typeof(InstantConverter)])]
[JsonSerializable(typeof(FactorSwitch))]
[JsonSerializable(typeof(IReadOnlyList<FactorResponse>))]
[JsonSerializable(typeof(EnrollmentResponse))]
[JsonSerializable(typeof(RecoveryCodeResponse))]
[JsonSerializable(typeof(IReadOnlyList<UserEnrollmentResponse>))]
internal sealed partial class FactorJson : JsonSerializerContext;
