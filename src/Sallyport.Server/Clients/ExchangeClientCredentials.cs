using System.Security.Cryptography;
using Sallyport.Server.Audit;
using Sallyport.Server.Configuration;
using Sallyport.Server.Http;
using Sallyport.Server.Security;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Clients;

/// <summary>The grant <c>client_credentials</c> (RFC 6749 section 4.4).</summary>
internal sealed class ExchangeClientCredentials(
    Database database, ExchangeLog log, SecretHash hash, AccessTokens tokens, SallyportOptions options)
{
    private static readonly TenantId Tenant = TenantId.Default;
    private static readonly string[] Schemes = ["https://", "http://"];

    public async ValueTask<(TokenResponse? Token, OAuthError? Error)> RunAsync(
        TokenRequest request, AuditSource source, CancellationToken cancellationToken)
    {
        var audience = Canonical(request.Audience ?? "");
        var entitlement = await database.ReadAsync(
            session => ClientStore.FindEntitlementAsync(session, Tenant, request.ClientId ?? "", audience, cancellationToken),
            cancellationToken);
        var error = FindFault(request, entitlement);
        await log.AddAsync(source, error, isKnown: entitlement is not null, cancellationToken);
        return error is not null ? (null, error) : (Issue(request, entitlement!), null);
    }

    private OAuthError? FindFault(TokenRequest request, TokenEntitlement? entitlement)
    {
        // The hash is computed for an unknown client too: both refusals work as long on the secret.
        var given = hash.ClientSecret(request.ClientSecret ?? "");
        if (!CryptographicOperations.FixedTimeEquals(given, entitlement?.SecretHash ?? new byte[given.Length])
            || !entitlement!.MayProveItself(request.IsBasic))
        {
            return OAuthError.Unauthorized;
        }

        return !entitlement.MayUseClientCredentials
            ? new OAuthError(403, "unauthorized_client", "Grant type 'client_credentials' not allowed for the client.")
            : string.IsNullOrEmpty(request.Audience)
                ? new OAuthError(403, "access_denied", "An audience is required: name the API that the token is for")
            : entitlement.Api is null ? new OAuthError(403, "access_denied", $"There is no API with this audience; that of the Management API is {options.ManagementAudience}")
            : entitlement.Scope is null ? new OAuthError(403, "access_denied", "The client has no grant for this audience")
            : null;
    }

    private TokenResponse Issue(TokenRequest request, TokenEntitlement entitlement)
    {
        var api = entitlement.Api!;
        var scope = Narrow(api.Offered(entitlement.Scope!), request.Scope);
        return new TokenResponse(
            tokens.Issue(request.ClientId!, api.Identifier, scope, api.TokenLifetime), scope, (int)api.TokenLifetime.TotalSeconds, "Bearer");
    }

    /// <summary>
    /// The vendor's clients build the audience as <c>https://{domain}/api/v2/</c>, whatever scheme they then talk; the
    /// scheme and the last slash do not tell one API from another.
    /// </summary>
    private string Canonical(string audience) =>
        Identify(audience) is { } plain && plain == Identify(options.ManagementAudience) ? options.ManagementAudience : audience;

    /// <returns>What tells one API from another; null of what is no http address.</returns>
    private static string? Identify(string audience)
    {
        if (Schemes.FirstOrDefault(scheme => audience.StartsWith(scheme, StringComparison.OrdinalIgnoreCase)) is not { } scheme)
        {
            return null;
        }

        var plain = audience[scheme.Length..];
        return plain.EndsWith('/') ? plain[..^1] : plain;
    }

    private static string Narrow(string granted, string? requested) =>
        string.IsNullOrWhiteSpace(requested)
            ? granted
            : string.Join(' ', granted.Split(' ').Intersect(requested.Split(' '), StringComparer.Ordinal));
}
