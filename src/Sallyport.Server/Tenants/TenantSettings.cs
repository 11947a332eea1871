using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Sallyport.Server.Tenants;

/// <summary>The settings of a tenant (management-api C.1). What is not set is not there.</summary>
public sealed record TenantSettings
{
    [JsonPropertyName("friendly_name")]
    public string? FriendlyName { get; init; }

    [JsonPropertyName("picture_url")]
    public string? PictureUrl { get; init; }

    [JsonPropertyName("support_email")]
    public string? SupportEmail { get; init; }

    [JsonPropertyName("support_url")]
    public string? SupportUrl { get; init; }

    [JsonPropertyName("enabled_locales")]
    public IReadOnlyList<string>? EnabledLocales { get; init; }

    [JsonPropertyName("guardian_mfa_page")]
    public GuardianMfaPage? GuardianMfaPage { get; init; }

    [JsonIgnore]
    public string DisplayName => FriendlyName is { Length: > 0 } ? FriendlyName : "Sallyport";

    /// <summary>
    /// <c>null</c> removes a property, an object merges with what is there, anything else replaces it.
    /// </summary>
    internal static string Merge(string stored, JsonElement patch)
    {
        var settings = JsonNode.Parse(stored)!.AsObject();
        Merge(settings, patch);
        return settings.ToJsonString();
    }

    internal static string WithPage(string stored, string html)
    {
        var settings = JsonNode.Parse(stored)!.AsObject();
        if (settings["guardian_mfa_page"] is not JsonObject page)
        {
            settings["guardian_mfa_page"] = page = [];
        }

        page["html"] = html;
        return settings.ToJsonString();
    }

    internal static TenantSettings Parse(string stored) => JsonSerializer.Deserialize(stored, TenantJson.Default.TenantSettings)!;

    private static void Merge(JsonObject target, JsonElement patch)
    {
        foreach (var member in patch.EnumerateObject())
        {
            if (member.Value.ValueKind == JsonValueKind.Null)
            {
                target.Remove(member.Name);
            }
            else if (member.Value.ValueKind == JsonValueKind.Object && target[member.Name] is JsonObject existing)
            {
                Merge(existing, member.Value);
            }
            else
            {
                target[member.Name] = JsonNode.Parse(member.Value.GetRawText());
            }
        }
    }
}

/// <summary>The hosted page of the tenant. Switched off, its text is kept.</summary>
public sealed record GuardianMfaPage
{
    [JsonPropertyName("enabled")]
    public bool Enabled { get; init; }

    [JsonPropertyName("html")]
    public string? Html { get; init; }
}
