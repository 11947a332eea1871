using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Sallyport.Server.Http;
using Sallyport.Server.Http.Payloads;

namespace Sallyport.Server.Factors.Settings;

/// <summary>The texts of messages with a code, in the template language.</summary>
public sealed record PhoneTemplates : ICheckedBody
{
    private const int MaxLength = 10_000;

    [JsonPropertyName("enrollment_message"), JsonRequired, StringLength(MaxLength, MinimumLength = 1)]
    public string EnrollmentMessage { get; init; } = "";

    [JsonPropertyName("verification_message"), JsonRequired, StringLength(MaxLength, MinimumLength = 1)]
    public string VerificationMessage { get; init; } = "";

    ApiError? ICheckedBody.FindFault() =>
        TemplateFault.Find("enrollment_message", EnrollmentMessage) ?? TemplateFault.Find("verification_message", VerificationMessage);
}
