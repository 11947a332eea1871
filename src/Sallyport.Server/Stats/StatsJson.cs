using System.Text.Json.Serialization;
using Sallyport.Server.Http;

namespace Sallyport.Server.Stats;

[JsonSourceGenerationOptions(Converters = [typeof(InstantConverter)])]
[JsonSerializable(typeof(long))]
[JsonSerializable(typeof(IReadOnlyList<DayStats>))]
internal sealed partial class StatsJson : JsonSerializerContext;
