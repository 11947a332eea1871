using System.Text.Json.Serialization;
using Sallyport.Server.Languages;

namespace Sallyport.Server.HostedPages;

/// <summary>What the default page hands to the widget (guardian-wire 5.1), and a few things more that ours knows.</summary>
internal sealed record PageData
{
    [JsonIgnore]
    public required Locale Locale { get; init; }

    [JsonPropertyName("container")]
    public string Container { get; init; } = "container";

    [JsonPropertyName("theme")]
    public PageTheme? Theme { get; init; }

    [JsonPropertyName("requesterErrors")]
    public IReadOnlyList<PageError>? RequesterErrors { get; init; }

    [JsonPropertyName("mfaServerUrl")]
    public required string MfaServerUrl { get; init; }

    [JsonPropertyName("ticket")]
    public string? Ticket { get; init; }

    [JsonPropertyName("userData")]
    public required PageUser UserData { get; init; }

    /// <summary>Sent along with every call, so that what a person reports can be found in the log.</summary>
    [JsonPropertyName("globalTrackingId")]
    public required string GlobalTrackingId { get; init; }

    [JsonPropertyName("reference")]
    public string Reference => GlobalTrackingId;

    [JsonPropertyName("stateCheckingMechanism")]
    public string StateCheckingMechanism { get; init; } = "polling";

    [JsonPropertyName("supportEmail")]
    public string? SupportEmail { get; init; }

    [JsonPropertyName("supportUrl")]
    public string? SupportUrl { get; init; }

    /// <summary>The address of this page, to go on with it on a phone.</summary>
    [JsonPropertyName("pageUrl")]
    public string? PageUrl { get; init; }

    [JsonPropertyName("notLoadedText")]
    public string NotLoadedText => Locale.Texts.NotLoaded;

    public override string ToString() => "***";
}

internal sealed record PageTheme([property: JsonPropertyName("icon")] string Icon);

internal sealed record PageError(
    [property: JsonPropertyName("message")] string Message, [property: JsonPropertyName("errorCode")] string ErrorCode);

internal sealed record PageUser
{
    [JsonPropertyName("userId")]
    public string? UserId { get; init; }

    [JsonPropertyName("email")]
    public string? Email { get; init; }

    [JsonPropertyName("friendlyUserId")]
    public string? FriendlyUserId { get; init; }

    [JsonPropertyName("tenant")]
    public required string Tenant { get; init; }

    [JsonPropertyName("tenantFriendlyName")]
    public required string TenantFriendlyName { get; init; }
}

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(PageData))]
internal sealed partial class PageJson : JsonSerializerContext;
