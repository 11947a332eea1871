using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Sallyport.Server.Http.Payloads;

namespace Sallyport.Server.Factors.Settings;

/// <summary>The app for push messages that users are asked to install.</summary>
public sealed record MfaPushPrompt
{
    [JsonPropertyName("google_app_link"), NullableOnWire, WebAddress, StringLength(2000)]
    public string? GoogleAppLink { get; init; }

    [JsonPropertyName("apple_app_link"), NullableOnWire, WebAddress, StringLength(2000)]
    public string? AppleAppLink { get; init; }

    [JsonPropertyName("app_name"), NullableOnWire, StringLength(300)]
    public string? AppName { get; init; }
}
