using Sallyport.Server.Http.Payloads;
using System.Data.Common;
using System.Text.Json;
using Sallyport.Server.Audit;
using Sallyport.Server.Http;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Connections;

/// <summary>Connections that the Management API makes and changes.</summary>
internal sealed class ManageConnections(Database database, AuditLog audit, TimeProvider clock)
{
    private static readonly TenantId Tenant = TenantId.Default;

    /// <returns>The connection, or null where the name is taken.</returns>
    public async ValueTask<Connection?> CreateAsync(
        Body<CreateConnectionRequest> body, AuditEntry entry, CancellationToken cancellationToken)
    {
        var connection = new Connection(ConnectionStore.NewId(), body.Value.Name, body.Value.Strategy)
        {
            Settings = StoredSettings.Merge("{}", body.Raw, "name", "strategy"),
        };
        try
        {
            await database.WriteAsync(
                unit =>
                {
                    unit.Enqueue(ConnectionStore.Insert(Tenant, connection, clock.GetUtcNow()));
                    audit.Add(unit, Tenant, entry);
                    return ValueTask.CompletedTask;
                },
                cancellationToken);
            return connection;
        }
        catch (DbException exception) when (ConstraintViolation.IsUnique(exception))
        {
            return null;
        }
    }

    /// <returns>Null where there is none.</returns>
    public ValueTask<Connection?> PatchAsync(
        string connectionId, JsonElement patch, AuditEntry entry, CancellationToken cancellationToken) =>
        ChangeAsync(connectionId, stored => StoredSettings.Merge(stored.Settings, patch), entry, cancellationToken);

    /// <returns>Null where there is none.</returns>
    public ValueTask<Connection?> SwitchClientsAsync(
        string connectionId, ConnectionClientChanges changes, AuditEntry entry, CancellationToken cancellationToken) =>
        ChangeAsync(
            connectionId,
            stored =>
            {
                var enabled = (ConnectionResponse.Of(stored).EnabledClients ?? []).ToList();
                foreach (var change in changes)
                {
                    enabled.Remove(change.ClientId);
                    if (change.Status)
                    {
                        enabled.Add(change.ClientId);
                    }
                }

                var patch = new PatchConnectionRequest { EnabledClients = [.. enabled] };
                return StoredSettings.Merge(
                    stored.Settings, JsonSerializer.SerializeToElement(patch, ConnectionJson.Default.PatchConnectionRequest));
            },
            entry,
            cancellationToken);

    private ValueTask<Connection?> ChangeAsync(
        string connectionId, Func<Connection, string> change, AuditEntry entry, CancellationToken cancellationToken) =>
        database.WriteAsync(
            async unit =>
            {
                var stored = await ConnectionStore.LockAsync(unit, Tenant, connectionId, cancellationToken);
                if (stored is null)
                {
                    return null;
                }

                var changed = stored with { Settings = change(stored) };
                unit.Enqueue(ConnectionStore.SetSettings(Tenant, connectionId, changed.Settings));
                audit.Add(unit, Tenant, entry);
                return changed;
            },
            cancellationToken);
}
