using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Sallyport.Server.Tenants;

namespace Sallyport.Server.HostedPages;

/// <summary>Body of <c>POST /guardian/mfa-page/preview</c>.</summary>
public sealed record PreviewRequest
{
    internal const string Ticket = "ticket";
    internal const string SignIn = "sign-in";

    [JsonPropertyName("use"), JsonRequired, AllowedValues(Ticket, SignIn)]
    public string Use { get; init; } = "";

    /// <summary>The template. Default: the saved one, or the built-in one.</summary>
    [JsonPropertyName("html")]
    public string? Html { get; init; }

    /// <summary>The user that the page shows. Default: a user who does not exist.</summary>
    [JsonPropertyName("user_id"), StringLength(300)]
    public string? UserId { get; init; }

    /// <summary>Whether the page gets an error.</summary>
    [JsonPropertyName("errors")]
    public bool? Errors { get; init; }

    /// <summary>The languages of the reader, as in the query of a link. Default: the first language of the tenant.</summary>
    [JsonPropertyName("ui_locales"), StringLength(200)]
    public string? UiLocales { get; init; }
}

/// <summary>A preview of the hosted page.</summary>
/// <param name="Url">Opens the preview in a browser, until it expires.</param>
/// <param name="Html">The page, with absolute addresses of its scripts.</param>
public sealed record PreviewResponse(
    [property: JsonPropertyName("url")] string Url,
    [property: JsonPropertyName("expires_at")] DateTimeOffset ExpiresAt,
    [property: JsonPropertyName("html")] string Html);

/// <summary>Body of <c>POST /guardian/mfa-page/reset</c>.</summary>
public sealed record ResetRequest
{
    internal const string Last = "last";
    internal const string Default = "default";

    [JsonPropertyName("to"), JsonRequired, AllowedValues(Last, Default)]
    public string To { get; init; } = "";
}

/// <summary>The template of the built-in page.</summary>
public sealed record DefaultPageResponse([property: JsonPropertyName("html")] string Html);

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(PreviewRequest))]
[JsonSerializable(typeof(PreviewResponse))]
[JsonSerializable(typeof(ResetRequest))]
[JsonSerializable(typeof(DefaultPageResponse))]
[JsonSerializable(typeof(MfaPageVersion))]
[JsonSerializable(typeof(IReadOnlyList<MfaPageVersion>))]
internal sealed partial class MfaPageJson : JsonSerializerContext;
