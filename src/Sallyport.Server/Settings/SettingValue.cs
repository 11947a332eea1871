using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sallyport.Server.Settings;

/// <summary>
/// A stored setting, and how requests change it, without I/O. A secret that a request omits is kept: readers do not see secrets, so a
/// client that writes back what it read does not have them.
/// </summary>
/// <param name="Json">All fields but the secrets.</param>
internal sealed record SettingValue(JsonNode Json, IReadOnlyDictionary<string, string> Secrets)
{
    public static readonly IReadOnlyDictionary<string, string> NoSecrets = new Dictionary<string, string>();

    /// <summary>PUT: replaces everything, but keeps omitted secrets while the account stays the same.</summary>
    public static SettingValue Replace(SettingKind kind, SettingValue? stored, JsonElement body)
    {
        if (body.ValueKind == JsonValueKind.Array)
        {
            return new SettingValue(JsonArray.Create(body)!, NoSecrets);
        }

        var json = new JsonObject();
        foreach (var field in kind.Fields.Where(field => !field.IsSecret))
        {
            if (body.TryGetProperty(field.Name, out var value))
            {
                json[field.Name] = Node(value);
            }
            else if (kind.ShowsNulls)
            {
                json[field.Name] = null;
            }
        }

        return new SettingValue(json, MergeSecrets(kind, SecretsOfSameAccount(kind, stored, json), body));
    }

    /// <summary>PATCH: keeps omitted fields, and omitted secrets while the account stays the same: a new host never gets the old host's password.</summary>
    public static SettingValue Merge(SettingKind kind, SettingValue? stored, JsonElement body)
    {
        var json = (stored?.Json.DeepClone() ?? new JsonObject()).AsObject();
        foreach (var field in kind.Fields.Where(field => !field.IsSecret))
        {
            if (body.TryGetProperty(field.Name, out var value))
            {
                json[field.Name] = Node(value);
            }
        }

        return new SettingValue(json, MergeSecrets(kind, SecretsOfSameAccount(kind, stored, json), body));
    }

    /// <summary>The response to a read.</summary>
    public static JsonNode Show(SettingKind kind, SettingValue? stored, bool withSecrets)
    {
        var json = kind.NewUnset();
        if (json is not JsonObject fields)
        {
            return stored?.Json ?? json;
        }

        foreach (var field in kind.Fields)
        {
            if (field.Secret is { } secret)
            {
                ShowSecret(fields, field.Name, stored, withSecrets && secret.IsReturnedByPublishedApi);
            }
            else if (stored?.Json.AsObject().TryGetPropertyValue(field.Name, out var value) == true)
            {
                fields[field.Name] = value?.DeepClone();
            }
        }

        if (kind.SecretFlag is { } flag)
        {
            fields[flag] = stored?.Secrets.Count > 0;
        }

        return json;
    }

    /// <summary>The response to a write: the request body without the secrets that the published API does not repeat.</summary>
    public static JsonNode Echo(SettingKind kind, JsonElement body)
    {
        if (Node(body) is not JsonObject echo)
        {
            return Node(body)!;
        }

        foreach (var field in kind.Fields.Where(field => field.Secret is { IsEchoed: false }))
        {
            echo.Remove(field.Name);
        }

        return echo;
    }

    public bool HasSameContentAs(SettingValue other) =>
        JsonNode.DeepEquals(Json, other.Json) && Secrets.Count == other.Secrets.Count
        && Secrets.All(secret => other.Secrets.GetValueOrDefault(secret.Key) == secret.Value);

    public override string ToString() => Json.ToJsonString();

    private static void ShowSecret(JsonObject fields, string name, SettingValue? stored, bool isVisible)
    {
        if (isVisible && stored is not null)
        {
            fields[name] = stored.Secrets.GetValueOrDefault(name);
        }
    }

    /// <summary>The stored secrets, if the account is still the same.</summary>
    private static IReadOnlyDictionary<string, string> SecretsOfSameAccount(SettingKind kind, SettingValue? stored, JsonObject json) =>
        stored is not null && kind.Account.All(name => JsonNode.DeepEquals(stored.Json[name], json[name])) ? stored.Secrets : NoSecrets;

    private static Dictionary<string, string> MergeSecrets(SettingKind kind, IReadOnlyDictionary<string, string> kept, JsonElement body)
    {
        var secrets = kept.ToDictionary(StringComparer.Ordinal);
        foreach (var field in kind.Fields.Where(field => field.IsSecret))
        {
            if (!body.TryGetProperty(field.Name, out var value))
            {
                continue;
            }

            if (value.ValueKind == JsonValueKind.String)
            {
                secrets[field.Name] = value.GetString()!;
            }
            else
            {
                secrets.Remove(field.Name);
            }
        }

        return secrets;
    }

    private static JsonNode? Node(JsonElement value) => JsonNode.Parse(value.GetRawText());
}
