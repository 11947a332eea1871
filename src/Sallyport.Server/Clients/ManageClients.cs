using Sallyport.Server.Http.Payloads;
using Sallyport.Server.Audit;
using Sallyport.Server.Http;
using Sallyport.Server.Security;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Clients;

internal enum ChangeClientOutcome
{
    Done,
    NotFound,

    /// <summary>The global client has no secret that anybody knows, and stays.</summary>
    IsGlobal,
}

/// <summary>Clients that the Management API makes, changes and removes.</summary>
internal sealed class ManageClients(Database database, AuditLog audit, SecretHash hash, ClientRevocations revocations, TimeProvider clock)
{
    private const int IdLength = 32;
    private const int SecretLength = 64;

    private static readonly TenantId Tenant = TenantId.Default;

    /// <returns>The client with its secret, which nobody is shown again.</returns>
    public async ValueTask<ClientResponse> CreateAsync(
        Body<CreateClientRequest> body, AuditEntry entry, CancellationToken cancellationToken)
    {
        var secret = Tokens.NewAlphaNumeric(SecretLength);
        var client = new Client(Tokens.NewAlphaNumeric(IdLength), body.Value.Name, hash.ClientSecret(secret))
        {
            Settings = ClientDefaults.Fill(body.Value, body.Raw),
        };
        await database.WriteAsync(
            unit =>
            {
                unit.Enqueue(ClientStore.InsertIfMissing(Tenant, client, clock.GetUtcNow()));
                audit.Add(unit, Tenant, entry);
                return ValueTask.CompletedTask;
            },
            cancellationToken);
        return ClientResponse.Of(client, secret);
    }

    /// <returns>The client without its secret: whoever sets one knows it.</returns>
    public async ValueTask<(ChangeClientOutcome Outcome, ClientResponse? Client)> PatchAsync(
        string clientId, Body<PatchClientRequest> body, AuditEntry entry, CancellationToken cancellationToken)
    {
        var secretHash = body.Value.ClientSecret is { } secret ? hash.ClientSecret(secret) : null;
        var (outcome, client) = await ChangeAsync(
            clientId,
            stored => stored.IsGlobal && secretHash is not null ? null : stored with
            {
                Name = body.Value.Name ?? stored.Name,
                SecretHash = secretHash ?? stored.SecretHash,
                Settings = StoredSettings.Merge(stored.Settings, body.Raw, "name", PatchClientRequest.SecretName),
            },
            entry,
            cancellationToken);
        return (outcome, client is null ? null : ClientResponse.Of(client));
    }

    /// <returns>The client with its new secret. The old one is refused from now on.</returns>
    public async ValueTask<(ChangeClientOutcome Outcome, ClientResponse? Client)> RotateSecretAsync(
        string clientId, AuditEntry entry, CancellationToken cancellationToken)
    {
        var secret = Tokens.NewAlphaNumeric(SecretLength);
        var (outcome, client) = await ChangeAsync(
            clientId, stored => stored.IsGlobal ? null : stored with { SecretHash = hash.ClientSecret(secret) }, entry, cancellationToken);
        return (outcome, client is null ? null : ClientResponse.Of(client, secret));
    }

    /// <summary>Its grants go with it, and its tokens are refused.</summary>
    public ValueTask<ChangeClientOutcome> DeleteAsync(string clientId, AuditEntry entry, CancellationToken cancellationToken) =>
        database.WriteAsync(
            async unit =>
            {
                var client = await ClientStore.LockAsync(unit, Tenant, clientId, cancellationToken);
                if (client is null or { IsGlobal: true })
                {
                    return client is null ? ChangeClientOutcome.NotFound : ChangeClientOutcome.IsGlobal;
                }

                unit.Enqueue(ClientStore.Delete(Tenant, clientId));
                revocations.Add(unit, clientId);
                audit.Add(unit, Tenant, entry);
                return ChangeClientOutcome.Done;
            },
            cancellationToken);

    /// <param name="change">Null where this client is not changed.</param>
    private ValueTask<(ChangeClientOutcome Outcome, Client? Client)> ChangeAsync(
        string clientId, Func<Client, Client?> change, AuditEntry entry, CancellationToken cancellationToken) =>
        database.WriteAsync<(ChangeClientOutcome, Client?)>(
            async unit =>
            {
                var stored = await ClientStore.LockAsync(unit, Tenant, clientId, cancellationToken);
                if (stored is null)
                {
                    return (ChangeClientOutcome.NotFound, null);
                }

                if (change(stored) is not { } changed)
                {
                    return (ChangeClientOutcome.IsGlobal, null);
                }

                unit.Enqueue(ClientStore.Update(Tenant, changed));
                audit.Add(unit, Tenant, entry);
                return (ChangeClientOutcome.Done, changed);
            },
            cancellationToken);
}
