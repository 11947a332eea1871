using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Sallyport.Server.Http;
using Sallyport.Server.ResourceServers;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Clients;

internal static class ClientServices
{
    public static void AddClients(this IServiceCollection services)
    {
        services.AddSingleton<AccessTokens>();
        services.AddSingleton<AccessTokenRevocations>();
        services.AddSingleton<UserTokens>();
        services.AddSingleton<ExchangeClientCredentials>();
        services.AddSingleton<AuthenticateClient>();
        services.AddSingleton<ExchangeLog>();
        services.AddSingleton<SigningKeys>();
        services.AddSingleton<ManageClients>();
        services.AddSingleton<EndClientCredentials>();
        services.AddSingleton<ClientQueries>();
        services.AddSingleton<ManageClientGrants>();
        services.AddSingleton<ClientGrantQueries>();
        services.AddSingleton<ClientRevocations>();
        services.AddHostedService<ClientRevocationRefresh>();
        services.AddSingleton(new RetentionRule("client_revocation", "client_id", "revoked_at < @before", ResourceServer.MaxTokenLifetime));
        services.AddSingleton<ClientOrigins>();
        services.AddCors(cors => cors.AddPolicy(ClientCors.Documents, ClientCors.BuildDocuments));
        services.AddSingleton<ICorsPolicyProvider, ClientCors>();
        // Only the core of authentication: there are no cookies, so there are no data protection keys to keep.
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

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(TokenParameters))]
[JsonSerializable(typeof(TokenResponse))]
[JsonSerializable(typeof(DiscoveryDocument))]
[JsonSerializable(typeof(JsonWebKeySetResponse))]
[JsonSerializable(typeof(IReadOnlyList<SigningKeyResponse>))]
[JsonSerializable(typeof(CreateClientRequest))]
[JsonSerializable(typeof(PatchClientRequest))]
[JsonSerializable(typeof(ClientPage))]
[JsonSerializable(typeof(CreateClientGrantRequest))]
[JsonSerializable(typeof(PatchClientGrantRequest))]
[JsonSerializable(typeof(ClientGrantPage))]
internal sealed partial class ClientJson : JsonSerializerContext;

/// <summary>Event ids 1800 to 1899.</summary>
internal static partial class ClientsLog
{
    [LoggerMessage(1801, LogLevel.Information, "An access token from {Address} was refused: {Reason}")]
    public static partial void TokenRefused(ILogger logger, string address, string reason);
}
