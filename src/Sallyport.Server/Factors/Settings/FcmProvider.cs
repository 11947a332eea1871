using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Sallyport.Server.Http.Payloads;

namespace Sallyport.Server.Factors.Settings;

/// <summary>The legacy key for push messages to Android. It is never returned.</summary>
public sealed record FcmProvider
{
    [JsonPropertyName("server_key"), NullableOnWire, StringLength(152, MinimumLength = 1), Secret(IsEchoed = false)]
    public string? ServerKey { get; init; }
}
