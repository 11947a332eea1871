using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Sallyport.Server.Factors.Settings;

/// <summary>The provider for text messages and calls. The published API has no <c>sns</c>.</summary>
public sealed record PhoneProviderChoice
{
    public const string Twilio = "twilio";
    public const string Sns = "sns";
    public const string Hook = "phone-message-hook";

    [JsonPropertyName("provider"), JsonRequired, AllowedValues("auth0", Twilio, Hook, Sns)]
    public string Provider { get; init; } = "";
}
