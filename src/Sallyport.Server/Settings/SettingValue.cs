using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sallyport.Server.Settings;

/// <summary>
/// A setting as it is stored, and how requests change it. Without I/O. A secret that a request leaves out stays as it is:
/// no reader is shown it, so none can send it back.
/// </summary>
internal sealed record SettingValue(JsonNode Shown, IReadOnlyDictionary<string, string> Secrets)
{
    public static readonly IReadOnlyDictionary<string, string> NoSecrets = new Dictionary<string, string>();

    /// <summary>PUT: nothing stays but secrets that are left out, and those only while they belong to the same account.</summary>
    public static SettingValue Replace(SettingKind kind, SettingValue? stored, JsonElement body)
    {
        if (body.ValueKind == JsonValueKind.Array)
        {
            return new SettingValue(JsonArray.Create(body)!, NoSecrets);
        }

        var shown = new JsonObject();
        foreach (var field in kind.Fields.Where(field => !field.IsSecret))
        {
            if (body.TryGetProperty(field.Name, out var value))
            {
                shown[field.Name] = Node(value);
            }
            else if (kind.ShowsNulls)
            {
                shown[field.Name] = null;
            }
        }

        return new SettingValue(shown, MergeSecrets(kind, Kept(kind, stored, shown), body));
    }

    /// <summary>PATCH: what is not named stays, but no secret of another account: a new host is not sent what the old one was.</summary>
    public static SettingValue Merge(SettingKind kind, SettingValue? stored, JsonElement body)
    {
        var shown = (stored?.Shown.DeepClone() ?? new JsonObject()).AsObject();
        foreach (var field in kind.Fields.Where(field => !field.IsSecret))
        {
            if (body.TryGetProperty(field.Name, out var value))
            {
                shown[field.Name] = Node(value);
            }
        }

        return new SettingValue(shown, MergeSecrets(kind, Kept(kind, stored, shown), body));
    }

    /// <summary>What a reader sees.</summary>
    public static JsonNode Show(SettingKind kind, SettingValue? stored, bool withSecrets)
    {
        var shown = kind.NewUnset();
        if (shown is not JsonObject fields)
        {
            return stored?.Shown ?? shown;
        }

        foreach (var field in kind.Fields)
        {
            if (field.Secret is { } secret)
            {
                ShowSecret(fields, field.Name, stored, withSecrets && secret.IsReturnedByPublishedApi);
            }
            else if (stored?.Shown.AsObject().TryGetPropertyValue(field.Name, out var value) == true)
            {
                fields[field.Name] = value?.DeepClone();
            }
        }

        if (kind.SecretFlag is { } flag)
        {
            fields[flag] = stored?.Secrets.Count > 0;
        }

        return shown;
    }

    /// <summary>What a writer is answered: what was sent, in the same order, as far as the published API repeats it.</summary>
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

    public override string ToString() => Shown.ToJsonString();

    private static void ShowSecret(JsonObject fields, string name, SettingValue? stored, bool isShown)
    {
        if (isShown && stored is not null)
        {
            fields[name] = stored.Secrets.GetValueOrDefault(name);
        }
    }

    /// <summary>Secrets that still belong to the account.</summary>
    private static IReadOnlyDictionary<string, string> Kept(SettingKind kind, SettingValue? stored, JsonObject shown) =>
        stored is not null && kind.Account.All(name => JsonNode.DeepEquals(stored.Shown[name], shown[name])) ? stored.Secrets : NoSecrets;

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
