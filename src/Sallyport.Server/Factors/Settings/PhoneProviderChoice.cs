using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Sallyport.Server.Factors.Settings;

public sealed record PhoneProviderChoice
{
    [JsonPropertyName("provider"), JsonRequired, AllowedValues("auth0", "twilio", "phone-message-hook")]
    public string Provider { get; init; } = "";
}
