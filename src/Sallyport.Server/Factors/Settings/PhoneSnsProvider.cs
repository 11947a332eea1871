using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Sallyport.Server.Http.Payloads;

namespace Sallyport.Server.Factors.Settings;

/// <summary>The AWS account for text messages through Amazon SNS.</summary>
public sealed record PhoneSnsProvider
{
    [JsonPropertyName("aws_access_key_id"), JsonRequired, RegularExpression("^[A-Za-z0-9]{16,128}$")]
    public string AccessKeyId { get; init; } = "";

    [JsonPropertyName("aws_secret_access_key"), NullableOnWire, StringLength(1000, MinimumLength = 1), Secret]
    public string? SecretAccessKey { get; init; }

    [JsonPropertyName("aws_region"), JsonRequired, RegularExpression("^[a-z]{2,4}(-[a-z]{2,12}){1,2}-[0-9]{1,2}$")]
    public string Region { get; init; } = "";

    /// <summary>The name that some countries show as the sender: up to 11 letters and digits.</summary>
    [JsonPropertyName("sender_id"), NullableOnWire, RegularExpression("^(?=.*[A-Za-z])[A-Za-z0-9-]{1,11}$")]
    public string? SenderId { get; init; }
}
