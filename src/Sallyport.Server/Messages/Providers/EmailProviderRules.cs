using System.Text.Json;
using System.Text.Json.Nodes;
using Sallyport.Server.Settings;

namespace Sallyport.Server.Messages.Providers;

/// <summary>Which members each provider takes, and how a request changes the stored provider. Without I/O.</summary>
internal static class EmailProviderRules
{
    private static readonly Dictionary<string, Members> MembersOf = new(StringComparer.Ordinal)
    {
        [EmailProvider.Smtp] = new([
            "smtp_host", "smtp_port", "smtp_user", "smtp_pass",
            "smtp_oauth_token_url", "smtp_oauth_client_id", "smtp_oauth_client_secret", "smtp_oauth_refresh_token", "smtp_oauth_scope",
        ])
        {
            Required = "smtp_host",
            Settings = ["headers.X-MC-ViewContentLink", "headers.X-SES-Configuration-Set", "headers.X-MSYS_API"],
        },
        ["ses"] = new(["accessKeyId", "secretAccessKey", "region"]) { Settings = ["message.configuration_set_name"] },
        ["mandrill"] = new(["api_key"]) { Settings = ["message.view_content_link"] },
        ["mailgun"] = new(["api_key", "domain", "region"]),
        ["sparkpost"] = new(["api_key", "region"]),
        ["sendgrid"] = new(["api_key"]),
        ["resend"] = new(["api_key"]),
        [EmailProvider.Postmark] = new(["api_key"]),
        ["azure_cs"] = new(["connectionString"]),
        ["ms365"] = new(["tenantId", "clientId", "clientSecret"]),
        ["custom"] = new([]),
    };

    private static readonly SettingKind Credentials = SettingKind.Of<EmailCredentials>("credentials");

    /// <param name="stored">Null for a new provider.</param>
    /// <param name="body">Has passed the schema of <see cref="EmailProvider"/>.</param>
    /// <returns>The new value, or the fault of the request.</returns>
    public static (SettingValue? Value, string? Fault) Apply(SettingValue? stored, JsonElement body)
    {
        var before = stored?.Json.AsObject();
        var storedName = (string?)before?["name"];
        var name = body.TryGetProperty("name", out var sent) ? sent.GetString()! : storedName;
        if (name is null)
        {
            return (null, "Missing required property: name");
        }

        var hasCredentials = body.TryGetProperty("credentials", out var credentials);
        if (!hasCredentials && name != storedName)
        {
            return (null, "Missing required property: credentials");
        }

        if (FindFault(name, body) is { } fault)
        {
            return (null, fault);
        }

        var json = new JsonObject { ["name"] = name, ["enabled"] = ValueOf(body, before, "enabled") ?? true };
        AddUnlessEmpty(json, "default_from_address", ValueOf(body, before, "default_from_address"));
        // Settings belong to a provider: another one does not inherit them.
        AddUnlessEmpty(json, "settings", ValueOf(body, name == storedName ? before : null, "settings"));
        var account = hasCredentials ? WithoutSecrets(credentials) : before!["credentials"]!.DeepClone();
        var secrets = hasCredentials ? MergeSecrets(stored, json, account, credentials) : stored!.Secrets;
        json["credentials"] = account;
        return (new SettingValue(json, secrets), null);
    }

    private static string? FindFault(string name, JsonElement body)
    {
        var members = MembersOf[name];
        if (body.TryGetProperty("credentials", out var credentials))
        {
            if (credentials.EnumerateObject().Select(member => member.Name).FirstOrDefault(member => !members.Credentials.Contains(member)) is { } unknown)
            {
                return $"Additional properties not allowed: credentials.{unknown}";
            }

            if (members.Required is { } required && !credentials.TryGetProperty(required, out _))
            {
                return $"Missing required property: credentials.{required}";
            }
        }

        return body.TryGetProperty("settings", out var settings) && settings.ValueKind == JsonValueKind.Object
            ? FindFault(members, settings)
            : null;
    }

    /// <summary>An empty group is no fault: some clients send all groups.</summary>
    private static string? FindFault(Members members, JsonElement settings) =>
        (from @group in settings.EnumerateObject()
         where @group.Value.ValueKind == JsonValueKind.Object
         from member in @group.Value.EnumerateObject()
         let path = $"{@group.Name}.{member.Name}"
         where !members.Settings.Contains(path)
         select $"Additional properties not allowed: settings.{path}").FirstOrDefault();

    /// <summary>
    /// Keeps an omitted secret, since readers do not see it, but only for the same account: otherwise someone who may write
    /// settings could have the password sent to their own host.
    /// </summary>
    private static IReadOnlyDictionary<string, string> MergeSecrets(SettingValue? stored, JsonObject json, JsonNode account, JsonElement credentials)
    {
        var isSame = stored is not null
            && JsonNode.DeepEquals(stored.Json["name"], json["name"])
            && JsonNode.DeepEquals(stored.Json["credentials"], account);
        var before = new SettingValue(new JsonObject(), isSame ? stored!.Secrets : SettingValue.NoSecrets);
        return SettingValue.Merge(Credentials, before, credentials).Secrets;
    }

    private static JsonObject WithoutSecrets(JsonElement credentials) =>
        SettingValue.Replace(Credentials, stored: null, credentials).Json.AsObject();

    private static void AddUnlessEmpty(JsonObject json, string name, JsonNode? value)
    {
        if (value is not null && (value is not JsonValue text || text.ToString().Length > 0))
        {
            json[name] = value;
        }
    }

    private static JsonNode? ValueOf(JsonElement body, JsonObject? before, string field) =>
        body.TryGetProperty(field, out var value) ? JsonNode.Parse(value.GetRawText()) : before?[field]?.DeepClone();

    private sealed record Members(string[] Credentials)
    {
        public string? Required { get; init; }

        /// <summary>Paths inside <c>settings</c>.</summary>
        public string[] Settings { get; init; } = [];
    }
}
