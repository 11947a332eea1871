using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Sallyport.Server.Http.Payloads;

namespace Sallyport.Server.Factors.Settings;

public sealed record DuoSettings
{
    [JsonPropertyName("ikey"), StringLength(10_000)]
    public string? IntegrationKey { get; init; }

    [JsonPropertyName("skey"), StringLength(10_000, MinimumLength = 1), Secret(IsReturnedByPublishedApi = true)]
    public string? SecretKey { get; init; }

    [JsonPropertyName("host"), StringLength(10_000)]
    public string? Host { get; init; }
}
