using System.Text.Json;
using System.Text.Json.Nodes;
using Sallyport.Server.Http;
using Sallyport.Server.Settings;

namespace Sallyport.Server.Messages.Providers;

/// <summary>What each provider takes, and how a request changes what is stored. Without I/O.</summary>
internal static class EmailProviderRules
{
    private static readonly Dictionary<string, string[]> CredentialsOf = new(StringComparer.Ordinal)
    {
        [EmailProvider.Smtp] = ["smtp_host", "smtp_port", "smtp_user", "smtp_pass"],
        ["ses"] = ["accessKeyId", "secretAccessKey", "region"],
        ["mailgun"] = ["api_key", "domain", "region"],
        ["sparkpost"] = ["api_key", "region"],
        ["mandrill"] = ["api_key"],
        ["sendgrid"] = ["api_key"],
        ["resend"] = ["api_key"],
        ["azure_cs"] = ["connectionString"],
        ["ms365"] = ["tenantId", "clientId", "clientSecret"],
        ["custom"] = [],
    };

    private static readonly SettingKind Credentials = SettingKind.Of<EmailCredentials>("credentials");

    /// <param name="stored">Null for a new one.</param>
    /// <param name="body">Has passed the schema of <see cref="EmailProvider"/>.</param>
    public static (SettingValue? Value, ApiError? Fault) Apply(SettingValue? stored, JsonElement body)
    {
        var before = stored?.Shown.AsObject();
        var name = body.TryGetProperty("name", out var sent) ? sent.GetString()! : (string?)before?["name"];
        if (name is null)
        {
            return (null, ApiError.Payload("Missing required property: name"));
        }

        var hasCredentials = body.TryGetProperty("credentials", out var credentials);
        if (!hasCredentials && name != (string?)before?["name"])
        {
            return (null, ApiError.Payload("Missing required property: credentials"));
        }

        if (hasCredentials && FindFault(name, credentials) is { } fault)
        {
            return (null, fault);
        }

        var shown = new JsonObject
        {
            ["name"] = name,
            ["enabled"] = Value(body, before, "enabled") ?? true,
        };
        foreach (var field in new[] { "default_from_address", "settings" })
        {
            if (Value(body, before, field) is { } value)
            {
                shown[field] = value;
            }
        }

        var account = hasCredentials ? Public(credentials) : before!["credentials"]!.DeepClone();
        var secrets = hasCredentials ? SecretsOf(stored, shown, account, credentials) : stored!.Secrets;
        shown["credentials"] = account;
        return (new SettingValue(shown, secrets), null);
    }

    private static ApiError? FindFault(string name, JsonElement credentials)
    {
        var known = CredentialsOf[name];
        foreach (var member in credentials.EnumerateObject())
        {
            if (!known.Contains(member.Name))
            {
                return ApiError.Payload($"Additional properties not allowed: credentials.{member.Name}");
            }
        }

        return name == EmailProvider.Smtp && !credentials.TryGetProperty("smtp_host", out _)
            ? ApiError.Payload("Missing required property: credentials.smtp_host")
            : null;
    }

    /// <summary>
    /// A secret that is left out stays, since no reader is shown it; but not for another account: whoever may write the
    /// settings must not have a password sent to a host of their own.
    /// </summary>
    private static IReadOnlyDictionary<string, string> SecretsOf(SettingValue? stored, JsonObject shown, JsonNode account, JsonElement credentials)
    {
        var isSame = stored is not null
            && JsonNode.DeepEquals(stored.Shown["name"], shown["name"])
            && JsonNode.DeepEquals(stored.Shown["credentials"], account);
        var before = new SettingValue(new JsonObject(), isSame ? stored!.Secrets : SettingValue.NoSecrets);
        return SettingValue.Merge(Credentials, before, credentials).Secrets;
    }

    private static JsonObject Public(JsonElement credentials) =>
        SettingValue.Replace(Credentials, stored: null, credentials).Shown.AsObject();

    private static JsonNode? Value(JsonElement body, JsonObject? before, string field) =>
        body.TryGetProperty(field, out var value) ? JsonNode.Parse(value.GetRawText()) : before?[field]?.DeepClone();
}
