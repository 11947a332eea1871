using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Sallyport.Server.Http.Payloads;

namespace Sallyport.Server.Factors.Settings;

/// <summary>The Twilio account for text messages and calls.</summary>
public sealed record TwilioProvider
{
    [JsonPropertyName("auth_token"), NullableOnWire, StringLength(1000, MinimumLength = 1), Secret(IsReturnedByPublishedApi = true)]
    public string? AuthToken { get; init; }

    [JsonPropertyName("sid"), NullableOnWire, StringLength(1000, MinimumLength = 1)]
    public string? Sid { get; init; }

    [JsonPropertyName("from"), NullableOnWire, StringLength(64)]
    public string? From { get; init; }

    [JsonPropertyName("messaging_service_sid"), NullableOnWire, StringLength(1000, MinimumLength = 1)]
    public string? MessagingServiceSid { get; init; }
}
