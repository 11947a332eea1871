using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sallyport.Protocols.Tests;

/// <summary>Reads the rows of a file in a Vectors folder, by its path in this project.</summary>
internal static class Vectors
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter() },
        RespectRequiredConstructorParameters = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    public static IReadOnlyList<T> Read<T>(string path)
    {
        using var file = typeof(Vectors).Assembly.GetManifestResourceStream(path);
        var rows = JsonSerializer.Deserialize<T[]>(file.ShouldNotBeNull(path), Options);

        return rows.ShouldNotBeNull(path);
    }
}
