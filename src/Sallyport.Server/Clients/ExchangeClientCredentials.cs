using System.Data.Common;
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
    /// <returns>The token if it was issued. The reason of a refusal is shown to the caller and logged.</returns>
    public async ValueTask<(ExchangeOutcome Outcome, TokenResponse? Token, string? Reason)> RunAsync(
        TokenRequest request, CallContext call, CancellationToken cancellationToken)
    {
        var requested = request.Audience ?? "";
        var audience = Audience.IsSame(requested, options.ManagementAudience) ? options.ManagementAudience : requested;
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
        if (!AuthenticateClient.IsSecret(hash, request.ClientSecret, entitlement?.SecretHash) || !entitlement!.MayAuthenticate(request.IsBasic))
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
        var scope = Audience.Narrow(api.Offered(entitlement.Scope!), request.Scope);
        return new TokenResponse(
            tokens.Issue(request.ClientId!, api.Identifier, scope, api.TokenLifetime), scope, (int)api.TokenLifetime.TotalSeconds, "Bearer");
    }
}

/// <summary>A client, the API that it requests, and its grant for this API.</summary>
/// <param name="Api">Null if there is no API with the audience.</param>
/// <param name="Scope">Null if there is no grant.</param>
internal sealed record TokenEntitlement(byte[] SecretHash, ClientResponse Settings, ResourceServer? Api, string? Scope)
{
    /// <summary>A client without grant types may use this one.</summary>
    public bool MayUseClientCredentials => Settings.GrantTypes is not { } types || types.Contains(GrantType.ClientCredentials);

    public bool MayAuthenticate(bool isBasic) => AuthMethods.Allows(Settings.TokenEndpointAuthMethod, isBasic);

    public static TokenEntitlement Read(DbDataReader row) => new(
        row.GetBytes(0),
        JsonSerializer.Deserialize(row.GetString(1), ClientJson.Default.ClientResponse)!,
        row.GetStringOrNull(2) is { } identifier
            ? new ResourceServer("", identifier, "") { IsSystem = row.GetBoolean(3), Settings = row.GetString(4) }
            : null,
        row.GetStringOrNull(5));
}
