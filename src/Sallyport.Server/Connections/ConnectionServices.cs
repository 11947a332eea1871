using System.Text.Json.Serialization;

namespace Sallyport.Server.Connections;

internal static class ConnectionServices
{
    public static void AddUserConnections(this IServiceCollection services)
    {
        services.AddSingleton<ManageConnections>();
        services.AddSingleton<DeleteConnection>();
        foreach (var rule in DeleteConnection.RetentionRules)
        {
            services.AddSingleton(rule);
        }

        services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, ConnectionJson.Default));
    }
}

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(CreateConnectionRequest))]
[JsonSerializable(typeof(PatchConnectionRequest))]
[JsonSerializable(typeof(ConnectionPage))]
[JsonSerializable(typeof(ConnectionClientPage))]
[JsonSerializable(typeof(ActionPage))]
[JsonSerializable(typeof(ConnectionClientChanges))]
internal sealed partial class ConnectionJson : JsonSerializerContext;
