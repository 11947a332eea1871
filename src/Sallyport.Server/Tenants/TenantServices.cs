using System.Text.Json.Serialization;

namespace Sallyport.Server.Tenants;

internal static class TenantServices
{
    public static void AddTenants(this IServiceCollection services)
    {
        services.AddSingleton<PatchTenantSettings>();
        services.AddSingleton<TenantQueries>();
        services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, TenantJson.Default));
    }
}

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(TenantSettings))]
[JsonSerializable(typeof(TenantSettingsPatch))]
[JsonSerializable(typeof(IReadOnlyList<MfaPageVersion>))]
[JsonSerializable(typeof(PromptSettings))]
internal sealed partial class TenantJson : JsonSerializerContext;
