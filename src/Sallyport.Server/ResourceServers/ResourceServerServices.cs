using System.Text.Json.Serialization;

namespace Sallyport.Server.ResourceServers;

internal static class ResourceServerServices
{
    public static void AddResourceServers(this IServiceCollection services)
    {
        services.AddSingleton<ManageResourceServers>();
        services.AddSingleton<ResourceServerQueries>();
        services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, ResourceServerJson.Default));
    }
}

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(CreateResourceServerRequest))]
[JsonSerializable(typeof(PatchResourceServerRequest))]
[JsonSerializable(typeof(ResourceServerPage))]
internal sealed partial class ResourceServerJson : JsonSerializerContext;
