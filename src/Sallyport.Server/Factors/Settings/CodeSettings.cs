using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Sallyport.Server.Factors.Settings;

/// <summary>The settings of codes that are sent to a phone or by email.</summary>
public sealed record CodeSettings
{
    [JsonPropertyName("otp_length"), JsonRequired, Range(6, 10)]
    public int Length { get; init; }

    /// <summary>Seconds.</summary>
    [JsonPropertyName("otp_expiration_time"), JsonRequired, Range(60, 3600)]
    public int ExpirationTime { get; init; }
}
