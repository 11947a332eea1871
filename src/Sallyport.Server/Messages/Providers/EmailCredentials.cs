using Sallyport.Server.Http.Payloads;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Sallyport.Server.Messages.Providers;

/// <summary>
/// How the account at a provider is named and opened. Which of them a provider takes is in <see cref="EmailProviderRules"/>;
/// what the published API drops from its answers is a secret here.
/// </summary>
public sealed record EmailCredentials
{
    private const int MaxLength = 1000;

    /// <summary>A host name or an address: nothing that could become a line of the protocol.</summary>
    [JsonPropertyName("smtp_host"), RegularExpression(@"^[A-Za-z0-9.:\[\]_-]{1,255}$")]
    public string? SmtpHost { get; init; }

    [JsonPropertyName("smtp_port"), Range(1, 65535)]
    public int? SmtpPort { get; init; }

    [JsonPropertyName("smtp_user"), NullableOnWire, StringLength(MaxLength)]
    public string? SmtpUser { get; init; }

    [JsonPropertyName("smtp_pass"), NullableOnWire, StringLength(MaxLength), Secret]
    public string? SmtpPassword { get; init; }

    [JsonPropertyName("domain"), NullableOnWire, StringLength(MaxLength)]
    public string? Domain { get; init; }

    [JsonPropertyName("region"), NullableOnWire, StringLength(64)]
    public string? Region { get; init; }

    [JsonPropertyName("api_key"), NullableOnWire, StringLength(MaxLength), Secret]
    public string? ApiKey { get; init; }

    [JsonPropertyName("accessKeyId"), NullableOnWire, StringLength(MaxLength), Secret]
    public string? AccessKeyId { get; init; }

    [JsonPropertyName("secretAccessKey"), NullableOnWire, StringLength(MaxLength), Secret]
    public string? SecretAccessKey { get; init; }

    [JsonPropertyName("connectionString"), NullableOnWire, StringLength(MaxLength), Secret]
    public string? ConnectionString { get; init; }

    [JsonPropertyName("tenantId"), NullableOnWire, StringLength(MaxLength), Secret]
    public string? TenantId { get; init; }

    [JsonPropertyName("clientId"), NullableOnWire, StringLength(MaxLength), Secret]
    public string? ClientId { get; init; }

    [JsonPropertyName("clientSecret"), NullableOnWire, StringLength(MaxLength), Secret]
    public string? ClientSecret { get; init; }

    public override string ToString() => "***";
}
