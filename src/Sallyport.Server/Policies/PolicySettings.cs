using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Sallyport.Server.Http;
using Sallyport.Server.Http.Payloads;

namespace Sallyport.Server.Policies;

/// <summary>When a second factor is required. An empty list means never. The body is an array.</summary>
[UniqueItems, AllowedItems("all-applications", "confidence-score")]
public sealed class MfaPolicies : List<string>;

/// <summary>How long a remembered browser is not asked for a second factor.</summary>
public sealed record MfaSessionSettings : ICheckedBody
{
    private const int Hour = 3600;
    private const int Day = 24 * Hour;
    private const int MaxInactivityDays = 30;

    public static readonly TimeSpan MaxInactivity = TimeSpan.FromDays(MaxInactivityDays);

    [JsonPropertyName("display_remember_me_checkbox"), JsonRequired]
    public bool DisplayRememberMeCheckbox { get; init; }

    [JsonPropertyName("remember_me_default_value"), JsonRequired]
    public bool RememberMeDefaultValue { get; init; }

    /// <summary>In seconds.</summary>
    [JsonPropertyName("mfa_session_inactivity_timeout"), JsonRequired, Range(Hour, MaxInactivityDays * Day)]
    public int InactivityTimeout { get; init; }

    /// <summary>In seconds.</summary>
    [JsonPropertyName("mfa_session_overall_timeout"), JsonRequired, Range(Hour, 90 * Day)]
    public int OverallTimeout { get; init; }

    ApiError? ICheckedBody.FindFault() =>
        InactivityTimeout <= OverallTimeout
            ? null
            : ApiError.Payload("Value must not be more than mfa_session_overall_timeout", "mfa_session_inactivity_timeout");
}

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(SignInRules))]
[JsonSerializable(typeof(ExplainPolicyRequest))]
[JsonSerializable(typeof(PolicyExplanation))]
[JsonSerializable(typeof(MfaPolicies))]
[JsonSerializable(typeof(MfaSessionSettings))]
internal sealed partial class PolicyJson : JsonSerializerContext;
