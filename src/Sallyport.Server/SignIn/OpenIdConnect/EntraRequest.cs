using System.Text.Json;
using Sallyport.Server.Clients;

namespace Sallyport.Server.SignIn.OpenIdConnect;

/// <summary>
/// The settings of a client that stands for Microsoft Entra (docs/entra.md), in its <c>client_metadata</c>.
/// </summary>
/// <param name="Tenant">The id of the Entra tenant. Hints of other tenants are refused.</param>
/// <param name="ApplicationId">The id of the application in Entra that stands for this server: the audience of the hints.</param>
internal sealed record EntraSettings(string Tenant, string ApplicationId)
{
    public const string TenantName = "entra_tenant";

    private const string ApplicationName = "entra_app_id";
    private const string MatchName = "entra_match";

    /// <summary>Users are found by their address, which is <c>preferred_username</c>. Otherwise by <c>oid</c>, which is part of their user id.</summary>
    public bool MatchesByEmail { get; init; }

    /// <returns>Null if the client is not set up for Entra, or not completely.</returns>
    public static EntraSettings? Of(ClientResponse client) =>
        Text(client, TenantName) is { } tenant && Guid.TryParseExact(tenant, "D", out var id) && Text(client, ApplicationName) is { } application
            ? new EntraSettings(id.ToString("D"), application) { MatchesByEmail = Text(client, MatchName) == "email" }
            : null;

    private static string? Text(ClientResponse client, string name) =>
        client.ClientMetadata?.TryGetValue(name, out var value) == true && value is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;
}

/// <summary>What Entra asks for in <c>claims</c>: how the user may prove it, and how strong that must be.</summary>
/// <param name="Methods">Values for <c>amr</c> (RFC 8176); null for any.</param>
/// <param name="Context">The value for <c>acr</c>.</param>
internal sealed record EntraDemand(string Context, IReadOnlyList<string>? Methods)
{
    /// <summary>
    /// The contexts that a factor of this server fulfils, the strictest first: each of them is something that the user has. Entra adds it to
    /// what the user knows.
    /// </summary>
    private static readonly string[] Contexts = ["possession", "possessionorinherence", "knowledgeorpossession", "knowledgeorpossessionorinherence"];

    private const string DefaultContext = "possessionorinherence";

    public bool Admits(IReadOnlyList<string> amr) => Methods is null || amr.Any(Methods.Contains);

    /// <returns>Null if the text is not as OpenID Connect Core section 5.5 says; the context is null if it cannot be fulfilled.</returns>
    public static (bool IsValid, EntraDemand? Demand) Parse(string? claims)
    {
        if (claims is null)
        {
            return (true, new EntraDemand(DefaultContext, Methods: null));
        }

        try
        {
            using var document = JsonDocument.Parse(claims);
            var acr = ValuesOf(document.RootElement, "acr");
            var context = acr is null ? DefaultContext : Contexts.FirstOrDefault(known => acr.Contains(known, StringComparer.Ordinal));
            return (true, context is null ? null : new EntraDemand(context, ValuesOf(document.RootElement, "amr")));
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return (false, null);
        }
    }

    /// <returns>Null if the claim is not asked for, or with any value.</returns>
    private static List<string>? ValuesOf(JsonElement claims, string name)
    {
        if (!claims.TryGetProperty("id_token", out var token) || !token.TryGetProperty(name, out var claim) || claim.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        if (claim.TryGetProperty("value", out var value))
        {
            return [value.GetString()!];
        }

        return claim.TryGetProperty("values", out var values) ? [.. values.EnumerateArray().Select(item => item.GetString()!)] : null;
    }
}

/// <summary>Which requests of Entra are valid. Without I/O. Entra uses the implicit flow, which no other client may.</summary>
internal static class EntraRules
{
    public const string ResponseType = "id_token";
    public const string ClaimsName = "claims";

    public static AuthorizationFault? FindFault(AuthorizationRequest request) =>
        request["response_type"] != ResponseType ? new AuthorizationFault("unsupported_response_type", "The response_type must be id_token")
        : request["response_mode"] != "form_post" ? AuthorizationFault.InvalidRequest("The response_mode must be form_post")
        : request.Scope?.Split(' ').Contains("openid", StringComparer.Ordinal) != true ? new AuthorizationFault("invalid_scope", "The scope must be openid")
        : request["nonce"] is null ? AuthorizationFault.InvalidRequest("A nonce is required")
        : request[AuthorizationRequest.HintName] is null && request.HintedUser is null ? AuthorizationFault.InvalidRequest("An id_token_hint is required")
        : EntraDemand.Parse(request[ClaimsName]) switch
        {
            (false, _) => AuthorizationFault.InvalidRequest("The claims are not valid"),
            (true, null) => new AuthorizationFault("access_denied", "None of the requested acr values can be fulfilled"),
            _ => null,
        };
}
