using System.Text.Json.Serialization;
using Sallyport.Server.Http;

namespace Sallyport.Server.Jobs;

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, Converters = [typeof(InstantConverter)])]
[JsonSerializable(typeof(JobResponse))]
[JsonSerializable(typeof(JobParametersV1))]
[JsonSerializable(typeof(CreateExportRequest))]
[JsonSerializable(typeof(CreateVerificationEmailRequest))]
[JsonSerializable(typeof(ImportParts))]
[JsonSerializable(typeof(ImportRecord))]
[JsonSerializable(typeof(ImportCounts))]
[JsonSerializable(typeof(IReadOnlyList<ImportFailure>))]
internal sealed partial class JobJson : JsonSerializerContext;
