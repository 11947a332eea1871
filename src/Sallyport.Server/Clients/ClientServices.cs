using Sallyport.Server.Http;
using Sallyport.Server.ResourceServers;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Clients;

internal static class ClientServices
{
    public static void AddClients(this IServiceCollection services)
    {
        services.AddSingleton<AccessTokens>();
        services.AddSingleton<ExchangeClientCredentials>();
        services.AddSingleton<ExchangeLog>();
        services.AddSingleton<ManageClients>();
        services.AddSingleton<ManageClientGrants>();
        services.AddSingleton<ClientRevocations>();
        services.AddHostedService<ClientRevocationRefresh>();
        services.AddSingleton(new RetentionRule("client_revocation", "client_id", "revoked_at < @before", ResourceServer.MaxTokenLifetime));
        // The core alone: there are no cookies whose keys would have to be kept.
        services.AddWebEncoders();
        services.AddTransient<ManagementAuthentication>();
        services.AddAuthenticationCore(authentication =>
        {
            authentication.DefaultScheme = ICaller.AuthenticationScheme;
            authentication.AddScheme<ManagementAuthentication>(ICaller.AuthenticationScheme, displayName: null);
        });
        services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, ClientJson.Default));
    }
}
