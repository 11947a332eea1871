using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Sallyport.Server.Http;
using Sallyport.Server.Http.Payloads;

namespace Sallyport.Server.Messages.Templates;

/// <summary>The text of a kind of mail, in Liquid (docs/management-api.md §C.3).</summary>
public sealed record EmailTemplate : ICheckedBody
{
    public const string Enrollment = "enrollment_email";
    public const string Verification = "verify_email";

    /// <summary>Ours: a factor of the user was added, removed or replaced.</summary>
    public const string FactorChange = "mfa_factor_change";

    /// <summary>Ours, to the administrator: a user has reported a sign-in as not their own.</summary>
    public const string SignInReport = "mfa_sign_in_report";

    private const int MaxLineLength = 2000;

    [JsonPropertyName("template"), EmailTemplateName]
    public string? Template { get; init; }

    [JsonPropertyName("body"), NullableOnWire]
    public string? Body { get; init; }

    [JsonPropertyName("from"), NullableOnWire, StringLength(MaxLineLength)]
    public string? From { get; init; }

    [JsonPropertyName("resultUrl"), NullableOnWire, StringLength(MaxLineLength)]
    public string? ResultUrl { get; init; }

    [JsonPropertyName("subject"), NullableOnWire, StringLength(MaxLineLength)]
    public string? Subject { get; init; }

    [JsonPropertyName("syntax"), NullableOnWire, AllowedValues("liquid")]
    public string? Syntax { get; init; }

    [JsonPropertyName("urlLifetimeInSeconds"), NullableOnWire, Range(0, int.MaxValue)]
    public int? UrlLifetimeInSeconds { get; init; }

    [JsonPropertyName("includeEmailInRedirect")]
    public bool? IncludeEmailInRedirect { get; init; }

    [JsonPropertyName("enabled"), NullableOnWire]
    public bool? Enabled { get; init; }

    ApiError? ICheckedBody.FindFault() =>
        TemplateFault.Find("body", Body)
        ?? TemplateFault.Find("subject", Subject)
        ?? TemplateFault.Find("from", From)
        ?? TemplateFault.Find("resultUrl", ResultUrl);
}

/// <summary>The kinds of mail of the published API, and ours.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class EmailTemplateNameAttribute() : AllowedValuesAttribute([.. Names])
{
    public static readonly string[] Names =
    [
        EmailTemplate.Verification, "verify_email_by_code", "auth_email_by_code", "reset_email", "reset_email_by_code", "welcome_email", "blocked_account",
        "stolen_credentials", EmailTemplate.Enrollment, "mfa_oob_code", "user_invitation", "change_password", "password_reset", "async_approval",
        EmailTemplate.FactorChange, EmailTemplate.SignInReport,
    ];
}
