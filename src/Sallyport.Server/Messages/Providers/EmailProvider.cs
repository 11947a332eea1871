using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;
using Sallyport.Server.Http.Payloads;

namespace Sallyport.Server.Messages.Providers;

/// <summary>The e-mail provider (docs/management-api.md §C.2), as a request; without its secrets, also as a response.</summary>
public sealed record EmailProvider
{
    public const string Smtp = "smtp";

    /// <summary>Not in the published list.</summary>
    public const string Postmark = "postmark";

    [JsonPropertyName("name")]
    [AllowedValues("mailgun", "mandrill", "sendgrid", "resend", "ses", "sparkpost", Smtp, Postmark, "azure_cs", "ms365", "custom")]
    public string? Name { get; init; }

    [JsonPropertyName("enabled")]
    public bool? Enabled { get; init; }

    /// <summary>The sender of mails whose template does not set one. An empty text clears it.</summary>
    [JsonPropertyName("default_from_address"), NullableOnWire, MailAddress(AllowsEmpty = true)]
    public string? DefaultFromAddress { get; init; }

    [JsonPropertyName("credentials")]
    public EmailCredentials? Credentials { get; init; }

    [JsonPropertyName("settings"), NullableOnWire]
    public EmailSettings? Settings { get; init; }
}

/// <summary>
/// The account at the provider. <see cref="EmailProviderRules"/> says which of them a provider takes; what the published API omits
/// from responses is a secret.
/// </summary>
public sealed record EmailCredentials
{
    private const int MaxLength = 1000;

    /// <summary>A host name or an address, without characters that could end a line of the protocol.</summary>
    [JsonPropertyName("smtp_host"), RegularExpression(@"^[A-Za-z0-9.:\[\]_-]{1,255}$")]
    public string? SmtpHost { get; init; }

    [JsonPropertyName("smtp_port"), Range(1, 65535)]
    public int? SmtpPort { get; init; }

    [JsonPropertyName("smtp_user"), NullableOnWire, StringLength(MaxLength)]
    public string? SmtpUser { get; init; }

    [JsonPropertyName("smtp_pass"), NullableOnWire, StringLength(MaxLength), Secret]
    public string? SmtpPassword { get; init; }

    /// <summary>Not in the published API, like the four that follow: the token endpoint for logins with an access token (XOAUTH2).</summary>
    [JsonPropertyName("smtp_oauth_token_url"), NullableOnWire, StringLength(MaxLength), RegularExpression(@"^https?://[^\s@]+$")]
    public string? SmtpOAuthTokenUrl { get; init; }

    [JsonPropertyName("smtp_oauth_client_id"), NullableOnWire, StringLength(MaxLength)]
    public string? SmtpOAuthClientId { get; init; }

    [JsonPropertyName("smtp_oauth_client_secret"), NullableOnWire, StringLength(MaxLength), Secret]
    public string? SmtpOAuthClientSecret { get; init; }

    /// <summary>For a mailbox whose owner has given access once; without it, the client gets tokens by itself.</summary>
    [JsonPropertyName("smtp_oauth_refresh_token"), NullableOnWire, StringLength(4 * MaxLength), Secret]
    public string? SmtpOAuthRefreshToken { get; init; }

    [JsonPropertyName("smtp_oauth_scope"), NullableOnWire, StringLength(MaxLength)]
    public string? SmtpOAuthScope { get; init; }

    [JsonPropertyName("domain"), NullableOnWire, StringLength(MaxLength)]
    public string? Domain { get; init; }

    /// <summary>It becomes a part of the address of the service.</summary>
    [JsonPropertyName("region"), NullableOnWire, RegularExpression("^[A-Za-z0-9-]{0,64}$")]
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

/// <summary>Options for sending. <see cref="EmailProviderRules"/> says which of them a provider takes.</summary>
public sealed record EmailSettings
{
    [JsonPropertyName("headers"), NullableOnWire]
    public EmailHeaders? Headers { get; init; }

    [JsonPropertyName("message"), NullableOnWire]
    public EmailMessageSettings? Message { get; init; }
}

/// <summary>Headers that are added to every mail, for services that are reached by SMTP.</summary>
public sealed record EmailHeaders
{
    /// <summary>Mandrill: "true" or "false".</summary>
    [JsonPropertyName("X-MC-ViewContentLink"), NullableOnWire, AllowedValues("true", "false")]
    public string? ViewContentLink { get; init; }

    /// <summary>Amazon SES.</summary>
    [JsonPropertyName("X-SES-Configuration-Set"), NullableOnWire, RegularExpression(EmailMessageSettings.ConfigurationSetPattern)]
    public string? ConfigurationSet { get; init; }

    /// <summary>SparkPost: a JSON object.</summary>
    [JsonPropertyName("X-MSYS_API"), NullableOnWire]
    public Dictionary<string, JsonElement>? SparkPost { get; init; }
}

public sealed record EmailMessageSettings
{
    internal const string ConfigurationSetPattern = "^[A-Za-z0-9_-]{1,64}$";

    /// <summary>Amazon SES.</summary>
    [JsonPropertyName("configuration_set_name"), NullableOnWire, RegularExpression(ConfigurationSetPattern)]
    public string? ConfigurationSet { get; init; }

    /// <summary>Mandrill.</summary>
    [JsonPropertyName("view_content_link"), NullableOnWire]
    public bool? ViewContentLink { get; init; }
}
