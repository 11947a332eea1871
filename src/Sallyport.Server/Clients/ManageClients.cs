using System.Text.Json;
using Sallyport.Server.Audit;
using Sallyport.Server.Security;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Clients;

internal enum ChangeClientOutcome
{
    Done,
    NotFound,

    /// <summary>The global client has no usable secret and cannot be deleted.</summary>
    IsGlobal,

    SettingsTooLarge,
}

/// <summary>Creates, changes and deletes clients.</summary>
internal sealed class ManageClients(Database database, AuditLog audit, SecretHash hash, EndClientCredentials end, TimeProvider clock)
{
    private const int IdLength = 32;
    private const int SecretLength = 64;

    /// <returns>The client with its secret, which is never shown again; null if its settings are too large.</returns>
    public async ValueTask<ClientResponse?> CreateAsync(CreateClientRequest request, CallContext call, CancellationToken cancellationToken)
    {
        if (Client.NewSettings(request) is not { } settings)
        {
            return null;
        }

        var secret = Tokens.NewAlphaNumeric(SecretLength);
        var client = new Client(Tokens.NewAlphaNumeric(IdLength), request.Name, hash.ClientSecret(secret)) { Settings = settings };
        await database.WriteAsync(
            unit =>
            {
                unit.Enqueue(ClientStore.InsertIfMissing(call.Tenant, client, clock.GetUtcNow()));
                audit.Add(unit, call.Tenant, ApiOperation.Succeeded(call, userId: null));
                return ValueTask.CompletedTask;
            },
            cancellationToken);
        return ClientResponse.Of(call.Tenant, client, secret);
    }

    /// <param name="changes">The members of the request, in which <c>null</c> removes a setting.</param>
    /// <returns>The client without its secret: a caller that sets one knows it.</returns>
    public async ValueTask<(ChangeClientOutcome Outcome, ClientResponse? Client)> PatchAsync(
        string clientId, PatchClientRequest request, JsonElement changes, CallContext call, CancellationToken cancellationToken)
    {
        var secretHash = request.ClientSecret is { } secret ? hash.ClientSecret(secret) : null;
        var (outcome, client) = await ChangeAsync(
            clientId,
            stored => stored.IsGlobal && secretHash is not null ? (ChangeClientOutcome.IsGlobal, stored)
                : StoredSettings.Merge(stored.Settings, changes, "name", PatchClientRequest.SecretName) is not { } settings
                    ? (ChangeClientOutcome.SettingsTooLarge, stored)
                : (ChangeClientOutcome.Done, stored with
                {
                    Name = request.Name ?? stored.Name,
                    SecretHash = secretHash ?? stored.SecretHash,
                    Settings = settings,
                }),
            call,
            cancellationToken);
        return (outcome, client is null ? null : ClientResponse.Of(call.Tenant, client));
    }

    /// <returns>The client with its new secret. The old one is refused from now on.</returns>
    public async ValueTask<(ChangeClientOutcome Outcome, ClientResponse? Client)> RotateSecretAsync(
        string clientId, CallContext call, CancellationToken cancellationToken)
    {
        var secret = Tokens.NewAlphaNumeric(SecretLength);
        var (outcome, client) = await ChangeAsync(
            clientId,
            stored => (stored.IsGlobal ? ChangeClientOutcome.IsGlobal : ChangeClientOutcome.Done, stored with { SecretHash = hash.ClientSecret(secret) }),
            call,
            cancellationToken);
        return (outcome, client is null ? null : ClientResponse.Of(call.Tenant, client, secret));
    }

    /// <summary>Deletes the client and its grants. Its tokens are refused from now on, and its sign-ins end.</summary>
    public ValueTask<ChangeClientOutcome> DeleteAsync(string clientId, CallContext call, CancellationToken cancellationToken) =>
        database.WriteAsync(
            async unit =>
            {
                var client = await ClientStore.LockAsync(unit, call.Tenant, clientId, cancellationToken);
                if (client is null or { IsGlobal: true })
                {
                    return client is null ? ChangeClientOutcome.NotFound : ChangeClientOutcome.IsGlobal;
                }

                unit.Enqueue(ClientStore.Delete(call.Tenant, clientId));
                end.WithClient(unit, call.Tenant, clientId);
                audit.Add(unit, call.Tenant, ApiOperation.Succeeded(call, userId: null));
                return ChangeClientOutcome.Done;
            },
            cancellationToken);

    private ValueTask<(ChangeClientOutcome Outcome, Client? Client)> ChangeAsync(
        string clientId, Func<Client, (ChangeClientOutcome Outcome, Client Changed)> change, CallContext call, CancellationToken cancellationToken) =>
        database.WriteAsync<(ChangeClientOutcome, Client?)>(
            async unit =>
            {
                var stored = await ClientStore.LockAsync(unit, call.Tenant, clientId, cancellationToken);
                if (stored is null)
                {
                    return (ChangeClientOutcome.NotFound, null);
                }

                var (outcome, changed) = change(stored);
                if (outcome != ChangeClientOutcome.Done)
                {
                    return (outcome, null);
                }

                unit.Enqueue(ClientStore.Update(call.Tenant, changed));
                end.WithCallbacks(unit, call.Tenant, stored, changed);
                audit.Add(unit, call.Tenant, ApiOperation.Succeeded(call, userId: null));
                return (ChangeClientOutcome.Done, changed);
            },
            cancellationToken);
}
