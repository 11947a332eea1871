using Sallyport.Server.Http.Payloads;
using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sallyport.Server.Messages.Providers;

/// <summary>Through whom e-mails go out (docs/management-api.md §C.2): as it is sent, and, without its secrets, as it is shown.</summary>
public sealed record EmailProvider
{
    public const string Smtp = "smtp";

    [JsonPropertyName("name")]
    [AllowedValues("mailgun", "mandrill", "sendgrid", "resend", "ses", "sparkpost", Smtp, "azure_cs", "ms365", "custom")]
    public string? Name { get; init; }

    [JsonPropertyName("enabled")]
    public bool? Enabled { get; init; }

    [JsonPropertyName("default_from_address"), NullableOnWire, MailAddress]
    public string? DefaultFromAddress { get; init; }

    [JsonPropertyName("credentials")]
    public EmailCredentials? Credentials { get; init; }

    [JsonPropertyName("settings"), NullableOnWire]
    public Dictionary<string, JsonElement>? Settings { get; init; }
}
