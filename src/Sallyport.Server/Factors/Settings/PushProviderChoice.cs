using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Sallyport.Server.Factors.Settings;

public sealed record PushProviderChoice
{
    [JsonPropertyName("provider"), JsonRequired, AllowedValues("guardian", "sns", "direct")]
    public string Provider { get; init; } = "";
}

/// <summary>Ours.</summary>
public sealed record PushSettings
{
    /// <summary>The browser and the phone show the same number. Only apps that show rich consents have it.</summary>
    [JsonPropertyName("number_matching"), JsonRequired]
    public bool NumberMatching { get; init; }
}
