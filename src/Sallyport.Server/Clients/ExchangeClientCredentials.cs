using System.Security.Cryptography;
using System.Text.Json;
using Sallyport.Server.Audit;
using Sallyport.Server.Configuration;
using Sallyport.Server.Http;
using Sallyport.Server.Security;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Clients;

/// <summary>The grant <c>client_credentials</c> (RFC 6749 section 4.4).</summary>
internal sealed class ExchangeClientCredentials(
    Database database, AuditLog audit, SecretHash hash, AccessTokens tokens, SallyportOptions options)
{
    private static readonly TenantId Tenant = TenantId.Default;

    public async ValueTask<(TokenResponse? Token, OAuthError? Error)> RunAsync(
        TokenRequest request, AuditSource source, CancellationToken cancellationToken)
    {
        var (scope, error) = await GrantedScopeAsync(request, cancellationToken);
        await database.WriteAsync(
            unit =>
            {
                audit.Add(unit, Tenant, Entry(request, source, error));
                return ValueTask.CompletedTask;
            },
            cancellationToken);

        return error is not null
            ? (null, error)
            : (new TokenResponse(tokens.Issue(request.ClientId!, scope!), scope!, (int)AccessTokens.Lifetime.TotalSeconds, "Bearer"), null);
    }

    private async ValueTask<(string? Scope, OAuthError? Error)> GrantedScopeAsync(
        TokenRequest request, CancellationToken cancellationToken)
    {
        var (client, granted) = await database.ReadAsync(
            async session =>
            (
                await ClientStore.FindAsync(session, Tenant, request.ClientId ?? "", cancellationToken),
                await ClientStore.FindGrantAsync(session, Tenant, request.ClientId ?? "", options.ManagementAudience, cancellationToken)
            ),
            cancellationToken);

        // The hash is computed for an unknown client too: both refusals take the same time.
        var given = hash.ClientSecret(request.ClientSecret ?? "");
        if (!CryptographicOperations.FixedTimeEquals(given, client?.SecretHash ?? new byte[given.Length]))
        {
            return (null, OAuthError.Unauthorized);
        }

        return request.Audience switch
        {
            null or "" => (null, new OAuthError(403, "access_denied", "An audience is required: name the API that the token is for")),
            var audience when !IsManagementApi(audience) => (null, new OAuthError(403, "access_denied", "There is no API with this audience")),
            _ when granted is null => (null, new OAuthError(403, "access_denied", "The client has no grant for this audience")),
            _ => (Narrow(granted, request.Scope), null),
        };
    }

    /// <summary>
    /// The vendor's clients build the audience as <c>https://{domain}/api/v2/</c>, whatever scheme they then talk; the
    /// scheme and the last slash do not tell one API from another.
    /// </summary>
    private bool IsManagementApi(string audience) =>
        Uri.TryCreate(audience, UriKind.Absolute, out var uri)
        && (uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeHttp)
        && Identify(audience) == Identify(options.ManagementAudience);

    private static string Identify(string audience)
    {
        var plain = audience[audience.IndexOf("://", StringComparison.Ordinal)..];
        return plain.EndsWith('/') ? plain[..^1] : plain;
    }

    private static string Narrow(string granted, string? requested) =>
        string.IsNullOrWhiteSpace(requested)
            ? granted
            : string.Join(' ', granted.Split(' ').Intersect(requested.Split(' '), StringComparer.Ordinal));

    private static AuditEntry Entry(TokenRequest request, AuditSource source, OAuthError? error) =>
        new(error is null ? AuditTypes.ClientCredentials : AuditTypes.FailedClientCredentials, source)
        {
            Details = error is null ? null : $$"""{"error":"{{JsonEncodedText.Encode(error.Description)}}"}""",
        };
}
