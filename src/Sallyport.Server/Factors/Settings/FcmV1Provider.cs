using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Sallyport.Server.Http.Payloads;

namespace Sallyport.Server.Factors.Settings;

/// <summary>The service account for push messages to Android. It is never returned.</summary>
public sealed record FcmV1Provider
{
    [JsonPropertyName("server_credentials"), NullableOnWire, StringLength(10_000, MinimumLength = 1), Secret(IsEchoed = false)]
    public string? ServerCredentials { get; init; }
}
