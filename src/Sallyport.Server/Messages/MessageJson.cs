using System.Text.Json.Serialization;
using Sallyport.Server.Messages.Providers;
using Sallyport.Server.Messages.Templates;

namespace Sallyport.Server.Messages;

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Message))]
[JsonSerializable(typeof(EmailProvider))]
[JsonSerializable(typeof(EmailTemplate))]
internal sealed partial class MessageJson : JsonSerializerContext;
