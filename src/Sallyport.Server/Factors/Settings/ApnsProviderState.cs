using System.Text.Json.Serialization;

namespace Sallyport.Server.Factors.Settings;

/// <param name="Enabled">Whether a certificate is stored.</param>
public sealed record ApnsProviderState(
    [property: JsonPropertyName("bundle_id")] string? BundleId,
    [property: JsonPropertyName("sandbox")] bool Sandbox,
    [property: JsonPropertyName("enabled")] bool Enabled);
