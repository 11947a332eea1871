using System.Text.Json.Serialization;
using Sallyport.Server.Http;

namespace Sallyport.Server.Audit;

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, Converters = [typeof(InstantConverter)])]
[JsonSerializable(typeof(LogPage))]
[JsonSerializable(typeof(LogEntryResponse))]
[JsonSerializable(typeof(IReadOnlyList<LogEntryResponse>))]
internal sealed partial class LogJson : JsonSerializerContext;
