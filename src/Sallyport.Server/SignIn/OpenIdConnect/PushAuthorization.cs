using System.Text.Json.Serialization;
using Sallyport.Server.Audit;
using Sallyport.Server.Clients;
using Sallyport.Server.Storage;

namespace Sallyport.Server.SignIn.OpenIdConnect;

/// <param name="IsAuthenticated">The client has a secret and has proved it: what it says about the user is believed.</param>
internal sealed record PushedRequest(AuthorizationRequest Request, bool IsAuthenticated);

internal enum PushAuthorizationOutcome
{
    Pushed,
    ClientUnauthorized,
    Invalid,
}

/// <param name="Fault">Set for <see cref="PushAuthorizationOutcome.Invalid"/>.</param>
internal readonly record struct PushAuthorizationResult(PushAuthorizationOutcome Outcome, PushedRequestResponse? Response, AuthorizationFault? Fault)
{
    public override string ToString() => Outcome.ToString();
}

/// <summary>Takes an authorization request from a client directly (RFC 9126), and gives it a reference that works once.</summary>
internal sealed class PushAuthorization(Database database, AuthenticateClient authenticate, AuthorizationSecrets secrets)
{
    public const string UriPrefix = "urn:ietf:params:oauth:request_uri:";

    /// <summary>Unless the client has <c>par_request_expiry</c>.</summary>
    private const int LifetimeInSeconds = 90;

    public async ValueTask<PushAuthorizationResult> RunAsync(CallContext call, TokenRequest sent, CancellationToken cancellationToken)
    {
        if (await authenticate.RunAsync(call.Tenant, sent, cancellationToken) is not { } client)
        {
            return new PushAuthorizationResult(PushAuthorizationOutcome.ClientUnauthorized, null, null);
        }

        var request = new AuthorizationRequest(sent.Parameters
            .Where(parameter => AuthorizationRequest.Known.Contains(parameter.Key))
            .Prepend(KeyValuePair.Create("client_id", client.ClientId))
            .DistinctBy(parameter => parameter.Key)
            .ToDictionary());
        if (await FindFaultAsync(request, client.Settings) is { } fault)
        {
            return new PushAuthorizationResult(PushAuthorizationOutcome.Invalid, null, fault);
        }

        var reference = AuthorizationSecrets.NewSecret();
        var lifetime = client.Settings.ParRequestExpiry ?? LifetimeInSeconds;
        var pushed = new PushedRequest(request, IsAuthenticated: !AuthorizationRules.IsPublic(client.Settings));
        await database.WriteAsync(
            unit =>
            {
                unit.Enqueue(PushedRequestStore.Insert(
                    call.Tenant, secrets.HashPushed(reference), pushed, secrets.Now + TimeSpan.FromSeconds(lifetime)));
                return ValueTask.CompletedTask;
            },
            cancellationToken);
        return new PushAuthorizationResult(PushAuthorizationOutcome.Pushed, new PushedRequestResponse(UriPrefix + reference, lifetime), null);
    }

    private static async ValueTask<AuthorizationFault?> FindFaultAsync(AuthorizationRequest request, ClientResponse client) =>
        request[AuthorizationRequest.RequestUriName] is not null
            ? AuthorizationFault.InvalidRequest("A pushed request has no request_uri")
            : await AuthorizationRules.FindAddressFaultAsync(request, client)
                ?? await AuthorizationRules.FindFaultAsync(request, client, isPushed: true);
}

/// <summary>The answer to a pushed request (RFC 9126 section 2.2).</summary>
internal sealed record PushedRequestResponse(
    [property: JsonPropertyName("request_uri")] string RequestUri, [property: JsonPropertyName("expires_in")] int ExpiresIn)
{
    public override string ToString() => "***";
}
