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

    /// <summary>The template. Without it: the saved one, or the default.</summary>
    [JsonPropertyName("html")]
    public string? Html { get; init; }

    /// <summary>Whose names the page shows. Without it: those of nobody.</summary>
    [JsonPropertyName("user_id"), StringLength(300)]
    public string? UserId { get; init; }

    /// <summary>Whether the page is told of an error.</summary>
    [JsonPropertyName("errors")]
    public bool? Errors { get; init; }

    /// <summary>The languages of whoever reads the page, as in the query of a link. Without it: the tenant's default.</summary>
    [JsonPropertyName("ui_locales"), StringLength(200)]
    public string? UiLocales { get; init; }
}

/// <summary>Body of <c>POST /guardian/mfa-page/reset</c>.</summary>
public sealed record ResetRequest
{
    internal const string Last = "last";
    internal const string Default = "default";

    [JsonPropertyName("to"), JsonRequired, AllowedValues(Last, Default)]
    public string To { get; init; } = "";
}

/// <summary>The default template, for editing.</summary>
public sealed record DefaultPageResponse([property: JsonPropertyName("html")] string Html);

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(PreviewRequest))]
[JsonSerializable(typeof(ResetRequest))]
[JsonSerializable(typeof(DefaultPageResponse))]
[JsonSerializable(typeof(MfaPageVersion))]
[JsonSerializable(typeof(IReadOnlyList<MfaPageVersion>))]
internal sealed partial class MfaPageJson : JsonSerializerContext;
