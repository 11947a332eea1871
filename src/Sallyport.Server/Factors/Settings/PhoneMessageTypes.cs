using System.Text.Json.Serialization;
using Sallyport.Server.Http.Payloads;

namespace Sallyport.Server.Factors.Settings;

/// <summary>How a code reaches a phone.</summary>
public sealed record PhoneMessageTypes
{
    [JsonPropertyName("message_types"), JsonRequired, UniqueItems, AllowedItems("sms", "voice")]
    public string[] MessageTypes { get; init; } = [];
}
