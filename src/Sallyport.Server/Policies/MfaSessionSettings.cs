using Sallyport.Server.Http.Payloads;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Sallyport.Server.Http;

namespace Sallyport.Server.Policies;

/// <summary>For how long a browser that is remembered is not asked for a second factor.</summary>
public sealed record MfaSessionSettings : ICheckedBody
{
    private const int Hour = 3600;
    private const int Day = 24 * Hour;

    [JsonPropertyName("display_remember_me_checkbox"), JsonRequired]
    public bool DisplayRememberMeCheckbox { get; init; }

    [JsonPropertyName("remember_me_default_value"), JsonRequired]
    public bool RememberMeDefaultValue { get; init; }

    /// <summary>Seconds.</summary>
    [JsonPropertyName("mfa_session_inactivity_timeout"), JsonRequired, Range(Hour, 30 * Day)]
    public int InactivityTimeout { get; init; }

    /// <summary>Seconds.</summary>
    [JsonPropertyName("mfa_session_overall_timeout"), JsonRequired, Range(Hour, 90 * Day)]
    public int OverallTimeout { get; init; }

    ApiError? ICheckedBody.FindFault() =>
        InactivityTimeout <= OverallTimeout
            ? null
            : ApiError.Payload("Value must not be more than mfa_session_overall_timeout", "mfa_session_inactivity_timeout");
}
