using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sallyport.Server.Http;

/// <summary>What a resource of the Management API holds beyond its columns: one JSON object, whose members a request has been checked for.</summary>
internal static class StoredSettings
{
    private const int MaxLength = 256 * 1024;

    /// <summary>Members that are merged key by key; the others are replaced. A member that is <c>null</c> is removed.</summary>
    private static readonly string[] Merged = ["client_metadata", "metadata"];

    /// <param name="columns">Members that have a column of their own.</param>
    /// <exception cref="ApiException">400 where the result is too large.</exception>
    public static string Merge(string stored, JsonElement patch, params string[] columns)
    {
        var settings = JsonNode.Parse(stored)!.AsObject();
        foreach (var member in patch.EnumerateObject().Where(member => !columns.Contains(member.Name)))
        {
            Set(settings, member);
        }

        var text = settings.ToJsonString();
        return text.Length <= MaxLength
            ? text
            : throw new ApiException(ApiError.Payload($"The properties must not have more than {MaxLength} characters in all"));
    }

    private static void Set(JsonObject settings, JsonProperty member)
    {
        if (member.Value.ValueKind == JsonValueKind.Null)
        {
            settings.Remove(member.Name);
        }
        else if (Merged.Contains(member.Name) && member.Value.ValueKind == JsonValueKind.Object)
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
