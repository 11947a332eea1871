using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Sallyport.Server.Http.Payloads;

namespace Sallyport.Server.Factors.Settings;

/// <summary>The webhook for text messages and calls (docs/providers.md).</summary>
public sealed record PhoneHookProvider
{
    [JsonPropertyName("url"), JsonRequired, WebAddress, StringLength(2000, MinimumLength = 1)]
    public string Url { get; init; } = "";

    /// <summary>Signs the requests.</summary>
    [JsonPropertyName("secret"), NullableOnWire, StringLength(1000, MinimumLength = 16), Secret(IsEchoed = false)]
    public string? Secret { get; init; }
}
