using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Sallyport.Server.Http;

namespace Sallyport.Server.Connections;

internal static class ConnectionServices
{
    public static void AddUserConnections(this IServiceCollection services)
    {
        services.AddSingleton<ManageConnections>();
        services.AddSingleton<DeleteConnection>();
        services.AddSingleton<ConnectionQueries>();
        foreach (var rule in DeleteConnection.RetentionRules)
        {
            services.AddSingleton(rule);
        }

        services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, ConnectionJson.Default));
    }
}

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, Converters = [typeof(InstantConverter)])]
[JsonSerializable(typeof(CreateConnectionRequest))]
[JsonSerializable(typeof(PatchConnectionRequest))]
[JsonSerializable(typeof(ConnectionPage))]
[JsonSerializable(typeof(DeletedConnection))]
[JsonSerializable(typeof(ConnectionClientPage))]
[JsonSerializable(typeof(ActionPage))]
[JsonSerializable(typeof(ConnectionClientChanges))]
[JsonSerializable(typeof(JsonObject))]
internal sealed partial class ConnectionJson : JsonSerializerContext;
