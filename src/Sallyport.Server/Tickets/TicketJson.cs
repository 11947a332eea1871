using System.Text.Json.Serialization;

namespace Sallyport.Server.Tickets;

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, Converters = [typeof(Http.InstantConverter)])]
[JsonSerializable(typeof(CreateTicketRequest))]
[JsonSerializable(typeof(TicketResponse))]
[JsonSerializable(typeof(IReadOnlyList<OpenTicketResponse>))]
internal sealed partial class TicketJson : JsonSerializerContext;
