using System.Text.Json.Serialization;

namespace Sallyport.Server.Tickets;

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(CreateTicketRequest))]
[JsonSerializable(typeof(TicketResponse))]
internal sealed partial class TicketJson : JsonSerializerContext;
