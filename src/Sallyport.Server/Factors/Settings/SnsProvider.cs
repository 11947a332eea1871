using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Sallyport.Server.Http.Payloads;

namespace Sallyport.Server.Factors.Settings;

/// <summary>The AWS account for push messages if the provider is <c>sns</c>.</summary>
public sealed record SnsProvider
{
    [JsonPropertyName("aws_access_key_id"), NullableOnWire, StringLength(1000, MinimumLength = 1)]
    public string? AwsAccessKeyId { get; init; }

    [JsonPropertyName("aws_secret_access_key"), NullableOnWire, StringLength(1000, MinimumLength = 1), Secret]
    public string? AwsSecretAccessKey { get; init; }

    [JsonPropertyName("aws_region"), NullableOnWire, StringLength(1000, MinimumLength = 1)]
    [RegularExpression("^(us-east|us-west|ap-southeast|ap-northeast|ap-central|eu-west|eu-central)-[0-9]{1,2}$")]
    public string? AwsRegion { get; init; }

    [JsonPropertyName("sns_apns_platform_application_arn"), NullableOnWire, StringLength(1000, MinimumLength = 1)]
    public string? SnsApnsPlatformApplicationArn { get; init; }

    [JsonPropertyName("sns_gcm_platform_application_arn"), NullableOnWire, StringLength(1000, MinimumLength = 1)]
    public string? SnsGcmPlatformApplicationArn { get; init; }
}
