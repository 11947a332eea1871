using System.Text.Json.Nodes;

namespace Sallyport.Server.Tenants;

/// <summary>The defaults of the settings, and the conversion of settings that are sent in another form than they are stored.</summary>
internal static class TenantDefaults
{
    /// <summary>No customer code runs here, but tools ask for the version of its sandbox.</summary>
    public const string SandboxVersion = "22";

    /// <summary>Objects that are merged. All others are replaced.</summary>
    public static readonly IReadOnlySet<string> Merging = new HashSet<string>(StringComparer.Ordinal) { "guardian_mfa_page", "change_password", "flags" };

    private static readonly string[] Lifetimes =
        ["session_lifetime", "idle_session_lifetime", "ephemeral_session_lifetime", "idle_ephemeral_session_lifetime"];

    private const string Defaults = $$"""
        {
            "enabled_locales": ["en"],
            "session_lifetime": 168,
            "idle_session_lifetime": 72,
            "sandbox_version": "{{SandboxVersion}}",
            "phone_consolidated_experience": false,
            "flags": {
                "allow_changing_enable_sso": false,
                "disable_clickjack_protection_headers": false,
                "disable_impersonation": true,
                "enable_sso": true,
                "mfa_show_factor_list_on_enrollment": false,
                "new_universal_login_experience_enabled": true,
                "revoke_refresh_token_grant": false,
                "universal_login": true
            }
        }
        """;

    /// <summary>The stored settings, completed with the defaults.</summary>
    public static JsonNode Complete(string stored)
    {
        var settings = JsonNode.Parse(Defaults)!.AsObject();
        foreach (var (name, value) in JsonNode.Parse(stored)!.AsObject())
        {
            if (name == "flags" && value is JsonObject flags)
            {
                foreach (var (flag, isOn) in flags)
                {
                    settings[name]![flag] = isOn?.DeepClone();
                }
            }
            else
            {
                settings[name] = value?.DeepClone();
            }
        }

        return settings;
    }

    /// <summary>Lifetimes are stored and shown in hours: 15 minutes are 0.25.</summary>
    public static void ConvertMinutesToHours(JsonObject settings)
    {
        foreach (var name in Lifetimes)
        {
            if (settings.Remove(name + "_in_minutes", out var minutes) && minutes is not null)
            {
                settings[name] = minutes.GetValue<int>() / 60d;
            }
        }
    }
}
