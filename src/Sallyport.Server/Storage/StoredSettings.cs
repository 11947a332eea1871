using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sallyport.Server.Storage;

/// <summary>
/// The column <c>settings</c> of a resource: one JSON object with the members that have no column of their own.
/// </summary>
internal static class StoredSettings
{
    public const int MaxLength = 256 * 1024;

    /// <summary>Members that are merged key by key. All others are replaced.</summary>
    private static readonly string[] MergedMembers = ["client_metadata", "metadata"];

    /// <param name="patch">Members that were checked against the schema. A member that is <c>null</c> is removed.</param>
    /// <param name="columns">Members that have a column of their own and are left out.</param>
    /// <returns>Null if the result would exceed <see cref="MaxLength"/>.</returns>
    public static string? Merge(string stored, JsonElement patch, params string[] columns)
    {
        var settings = JsonNode.Parse(stored)!.AsObject();
        foreach (var member in patch.EnumerateObject().Where(member => !columns.Contains(member.Name)))
        {
            Set(settings, member);
        }

        var text = settings.ToJsonString();
        return text.Length <= MaxLength ? text : null;
    }

    private static void Set(JsonObject settings, JsonProperty member)
    {
        if (member.Value.ValueKind == JsonValueKind.Null)
        {
            settings.Remove(member.Name);
        }
        else if (MergedMembers.Contains(member.Name) && member.Value.ValueKind == JsonValueKind.Object)
        {
            var map = settings[member.Name] as JsonObject ?? [];
            settings[member.Name] = map;
            foreach (var entry in member.Value.EnumerateObject())
            {
                Set(map, entry);
            }
        }
        else
        {
            settings[member.Name] = JsonNode.Parse(member.Value.GetRawText());
        }
    }
}
