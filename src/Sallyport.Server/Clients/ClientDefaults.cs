using System.Text.Json;
using System.Text.Json.Nodes;
using Sallyport.Server.Http;

namespace Sallyport.Server.Clients;

/// <summary>What a new client has where the request says nothing, as the published API fills it in.</summary>
internal static class ClientDefaults
{
    public static string Fill(CreateClientRequest request, JsonElement body)
    {
        var isPublic = request.AppType is "native" or "spa";
        var defaults = new JsonObject
        {
            ["is_first_party"] = true,
            ["oidc_conformant"] = false,
            ["sso_disabled"] = false,
            ["cross_origin_authentication"] = false,
            ["custom_login_page_on"] = true,
            ["jwt_configuration"] = new JsonObject { ["alg"] = "RS256", ["lifetime_in_seconds"] = 36000, ["secret_encoded"] = false },
            ["token_endpoint_auth_method"] = isPublic ? AuthMethods.None : AuthMethods.Post,
            ["grant_types"] = new JsonArray([.. DefaultGrantTypes(request.AppType, isPublic).Select(type => (JsonNode)type)]),
        };
        return StoredSettings.Merge(defaults.ToJsonString(), body, "name");
    }

    private static string[] DefaultGrantTypes(string? appType, bool isPublic) =>
        appType == "non_interactive" ? [GrantType.ClientCredentials]
        : isPublic ? [GrantType.AuthorizationCode, GrantType.Implicit, GrantType.RefreshToken]
        : [GrantType.AuthorizationCode, GrantType.Implicit, GrantType.RefreshToken, GrantType.ClientCredentials];
}
