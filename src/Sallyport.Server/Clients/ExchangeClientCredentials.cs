using System.Data.Common;
using System.Security.Cryptography;
using System.Text.Json;
using Sallyport.Server.Audit;
using Sallyport.Server.Configuration;
using Sallyport.Server.ResourceServers;
using Sallyport.Server.Security;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Clients;

internal enum ExchangeOutcome
{
    Issued,

    /// <summary>The client is unknown, its secret is wrong, or it authenticates in a way that it must not use.</summary>
    Unauthorized,

    GrantTypeNotAllowed,
    AudienceMissing,
    ApiNotFound,
    NotGranted,
}

/// <summary>The grant type <c>client_credentials</c> (RFC 6749 section 4.4).</summary>
internal sealed class ExchangeClientCredentials(
    Database database, ExchangeLog log, SecretHash hash, AccessTokens tokens, SallyportOptions options)
{
    private static readonly string[] Schemes = ["https://", "http://"];

    /// <returns>The token if it was issued. The reason of a refusal is shown to the caller and logged.</returns>
    public async ValueTask<(ExchangeOutcome Outcome, TokenResponse? Token, string? Reason)> RunAsync(
        TokenRequest request, CallContext call, CancellationToken cancellationToken)
    {
        var audience = Canonicalize(request.Audience ?? "");
        var entitlement = await database.ReadAsync(
            session => ClientStore.FindEntitlementAsync(session, call.Tenant, request.ClientId ?? "", audience, cancellationToken),
            cancellationToken);
        var outcome = Decide(request, entitlement);
        var reason = Explain(outcome);
        await log.AddAsync(call, reason, isKnown: entitlement is not null, cancellationToken);
        return (outcome, outcome == ExchangeOutcome.Issued ? Issue(request, entitlement!) : null, reason);
    }

    private ExchangeOutcome Decide(TokenRequest request, TokenEntitlement? entitlement)
    {
        // The hash is computed for an unknown client too, so that both refusals take the same time.
        var given = hash.ClientSecret(request.ClientSecret ?? "");
        if (!CryptographicOperations.FixedTimeEquals(given, entitlement?.SecretHash ?? new byte[given.Length])
            || !entitlement!.MayAuthenticate(request.IsBasic))
        {
            return ExchangeOutcome.Unauthorized;
        }

        return !entitlement.MayUseClientCredentials ? ExchangeOutcome.GrantTypeNotAllowed
            : string.IsNullOrEmpty(request.Audience) ? ExchangeOutcome.AudienceMissing
            : entitlement.Api is null ? ExchangeOutcome.ApiNotFound
            : entitlement.Scope is null ? ExchangeOutcome.NotGranted
            : ExchangeOutcome.Issued;
    }

    private string? Explain(ExchangeOutcome outcome) => outcome switch
    {
        ExchangeOutcome.Issued => null,
        ExchangeOutcome.Unauthorized => "Unauthorized",
        ExchangeOutcome.GrantTypeNotAllowed => "Grant type 'client_credentials' not allowed for the client.",
        ExchangeOutcome.AudienceMissing => "An audience is required: name the API that the token is for",
        ExchangeOutcome.ApiNotFound => $"There is no API with this audience; that of the Management API is {options.ManagementAudience}",
        ExchangeOutcome.NotGranted => "The client has no grant for this audience",
    };

    private TokenResponse Issue(TokenRequest request, TokenEntitlement entitlement)
    {
        var api = entitlement.Api!;
        var scope = Narrow(api.Offered(entitlement.Scope!), request.Scope);
        return new TokenResponse(
            tokens.Issue(request.ClientId!, api.Identifier, scope, api.TokenLifetime), scope, (int)api.TokenLifetime.TotalSeconds, "Bearer");
    }

    /// <summary>
    /// The vendor's clients always request the audience <c>https://{domain}/api/v2/</c>, even over http. Scheme and final slash do not
    /// distinguish APIs.
    /// </summary>
    private string Canonicalize(string audience) =>
        WithoutScheme(audience) is { } plain && plain == WithoutScheme(options.ManagementAudience) ? options.ManagementAudience : audience;

    /// <returns>The address without scheme and final slash; null if it is not an http address.</returns>
    private static string? WithoutScheme(string audience)
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

/// <summary>A client, the API that it requests, and its grant for this API.</summary>
/// <param name="Api">Null if there is no API with the audience.</param>
/// <param name="Scope">Null if there is no grant.</param>
internal sealed record TokenEntitlement(byte[] SecretHash, ClientResponse Settings, ResourceServer? Api, string? Scope)
{
    /// <summary>A client without grant types may use this one.</summary>
    public bool MayUseClientCredentials => Settings.GrantTypes is not { } types || types.Contains(GrantType.ClientCredentials);

    /// <summary>A client without a registered method may authenticate in either way.</summary>
    public bool MayAuthenticate(bool isBasic) => Settings.TokenEndpointAuthMethod switch
    {
        AuthMethods.Basic => isBasic,
        AuthMethods.Post => !isBasic,
        AuthMethods.None => false,
        _ => true,
    };

    public static TokenEntitlement Read(DbDataReader row) => new(
        row.GetBytes(0),
        JsonSerializer.Deserialize(row.GetString(1), ClientJson.Default.ClientResponse)!,
        row.GetStringOrNull(2) is { } identifier
            ? new ResourceServer("", identifier, "") { IsSystem = row.GetBoolean(3), Settings = row.GetString(4) }
            : null,
        row.GetStringOrNull(5));
}
