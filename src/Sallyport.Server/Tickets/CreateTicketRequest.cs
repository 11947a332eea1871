using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Sallyport.Server.Http.Payloads;

namespace Sallyport.Server.Tickets;

/// <summary>Body of <c>POST /guardian/enrollments/ticket</c>.</summary>
public sealed record CreateTicketRequest
{
    [JsonPropertyName("user_id"), JsonRequired, RegularExpression(@"^[^|]+\|.+$"), StringLength(300)]
    public string UserId { get; init; } = "";

    /// <summary>Where the mail goes instead of the user's own address. The user is not changed.</summary>
    [JsonPropertyName("email"), MailAddress]
    public string? Email { get; init; }

    [JsonPropertyName("send_mail")]
    public bool? SendMail { get; init; }

    [JsonPropertyName("email_locale"), StringLength(35, MinimumLength = 2)]
    public string? EmailLocale { get; init; }

    [JsonPropertyName("factor")]
    [AllowedValues("push-notification", "phone", "email", "otp", "webauthn-roaming", "webauthn-platform")]
    public string? Factor { get; init; }

    [JsonPropertyName("allow_multiple_enrollments")]
    public bool? AllowMultipleEnrollments { get; init; }
}

/// <summary>The answer with a new ticket. It has exactly these two properties.</summary>
public sealed record TicketResponse(
    [property: JsonPropertyName("ticket_id")] string TicketId,
    [property: JsonPropertyName("ticket_url")] string TicketUrl)
{
    public override string ToString() => "***";
}
