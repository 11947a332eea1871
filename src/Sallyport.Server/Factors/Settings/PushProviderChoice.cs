using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Sallyport.Server.Factors.Settings;

public sealed record PushProviderChoice
{
    [JsonPropertyName("provider"), JsonRequired, AllowedValues("guardian", "sns", "direct")]
    public string Provider { get; init; } = "";
}
