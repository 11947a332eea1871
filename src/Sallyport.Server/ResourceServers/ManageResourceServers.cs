using Sallyport.Server.Http.Payloads;
using System.Data.Common;
using Sallyport.Server.Audit;
using Sallyport.Server.Http;
using Sallyport.Server.Storage;

namespace Sallyport.Server.ResourceServers;

internal enum ChangeResourceServerOutcome
{
    Done,
    NotFound,

    /// <summary>The Management API is what the configuration says.</summary>
    IsSystem,
}

/// <summary>APIs that the Management API makes, changes and removes.</summary>
internal sealed class ManageResourceServers(Database database, AuditLog audit, TimeProvider clock)
{
    private static readonly TenantId Tenant = TenantId.Default;

    /// <returns>The API, or null where there is one with this identifier.</returns>
    public async ValueTask<ResourceServer?> CreateAsync(
        Body<CreateResourceServerRequest> body, AuditEntry entry, CancellationToken cancellationToken)
    {
        var server = new ResourceServer(ResourceServerStore.NewId(), body.Value.Identifier, body.Value.Name ?? body.Value.Identifier)
        {
            Settings = StoredSettings.Merge("{}", body.Raw, "identifier", "name"),
        };
        try
        {
            await database.WriteAsync(
                unit =>
                {
                    unit.Enqueue(ResourceServerStore.Insert(Tenant, server, clock.GetUtcNow()));
                    audit.Add(unit, Tenant, entry);
                    return ValueTask.CompletedTask;
                },
                cancellationToken);
            return server;
        }
        catch (DbException exception) when (ConstraintViolation.IsUnique(exception))
        {
            return null;
        }
    }

    public ValueTask<(ChangeResourceServerOutcome Outcome, ResourceServer? Server)> PatchAsync(
        string id, Body<PatchResourceServerRequest> body, AuditEntry entry, CancellationToken cancellationToken) =>
        ChangeAsync(
            id,
            (unit, stored) =>
            {
                var patched = stored with { Name = body.Value.Name ?? stored.Name, Settings = StoredSettings.Merge(stored.Settings, body.Raw, "name") };
                unit.Enqueue(ResourceServerStore.Update(Tenant, patched));
                return patched;
            },
            entry,
            cancellationToken);

    /// <summary>Its grants go with it. Tokens for it live on until they expire: only whoever receives them can look.</summary>
    public async ValueTask<ChangeResourceServerOutcome> DeleteAsync(string id, AuditEntry entry, CancellationToken cancellationToken)
    {
        var (outcome, _) = await ChangeAsync(
            id,
            (unit, stored) =>
            {
                unit.Enqueue(ResourceServerStore.Delete(Tenant, stored.Id));
                return stored;
            },
            entry,
            cancellationToken);
        return outcome;
    }

    private ValueTask<(ChangeResourceServerOutcome Outcome, ResourceServer? Server)> ChangeAsync(
        string id, Func<UnitOfWork, ResourceServer, ResourceServer> change, AuditEntry entry, CancellationToken cancellationToken) =>
        database.WriteAsync<(ChangeResourceServerOutcome, ResourceServer?)>(
            async unit =>
            {
                var stored = await ResourceServerStore.LockAsync(unit, Tenant, id, cancellationToken);
                if (stored is null or { IsSystem: true })
                {
                    return (stored is null ? ChangeResourceServerOutcome.NotFound : ChangeResourceServerOutcome.IsSystem, null);
                }

                var changed = change(unit, stored);
                audit.Add(unit, Tenant, entry);
                return (ChangeResourceServerOutcome.Done, changed);
            },
            cancellationToken);
}
