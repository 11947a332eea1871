using System.Data.Common;
using System.Text.Json;
using Sallyport.Server.Audit;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Connections;

internal enum CreateConnectionOutcome
{
    Created,

    /// <summary>There is a connection with this name, or one that is being deleted.</summary>
    Exists,

    SettingsTooLarge,
}

internal enum ChangeConnectionOutcome
{
    Done,
    NotFound,
    SettingsTooLarge,
}

/// <summary>Creates and changes connections.</summary>
internal sealed class ManageConnections(Database database, AuditLog audit, TimeProvider clock)
{
    public async ValueTask<(CreateConnectionOutcome Outcome, Connection? Connection)> CreateAsync(
        CreateConnectionRequest request, CallContext call, CancellationToken cancellationToken)
    {
        if (ConnectionOptions.NewSettings(request) is not { } settings)
        {
            return (CreateConnectionOutcome.SettingsTooLarge, null);
        }

        var connection = new Connection(ConnectionStore.NewId(), request.Name, request.Strategy) { Settings = settings };
        try
        {
            await database.WriteAsync(
                unit =>
                {
                    unit.Enqueue(ConnectionStore.Insert(call.Tenant, connection, clock.GetUtcNow()));
                    audit.Add(unit, call.Tenant, ApiOperation.Succeeded(call, userId: null));
                    return ValueTask.CompletedTask;
                },
                cancellationToken);
            return (CreateConnectionOutcome.Created, connection);
        }
        catch (DbException exception) when (ConstraintViolation.IsUnique(exception))
        {
            return (CreateConnectionOutcome.Exists, null);
        }
    }

    /// <param name="changes">The members of the request, in which <c>null</c> removes a setting.</param>
    public ValueTask<(ChangeConnectionOutcome Outcome, Connection? Connection)> PatchAsync(
        string connectionId, JsonElement changes, CallContext call, CancellationToken cancellationToken) =>
        ChangeAsync(connectionId, stored => ConnectionOptions.Patch(stored.Settings, changes), call, cancellationToken);

    /// <summary>Enables and disables clients one by one.</summary>
    public ValueTask<(ChangeConnectionOutcome Outcome, Connection? Connection)> SwitchClientsAsync(
        string connectionId, IReadOnlyList<ConnectionClientChange> changes, CallContext call, CancellationToken cancellationToken) =>
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
            call,
            cancellationToken);

    /// <param name="change">Returns the new settings, or null if they are too large.</param>
    private ValueTask<(ChangeConnectionOutcome Outcome, Connection? Connection)> ChangeAsync(
        string connectionId, Func<Connection, string?> change, CallContext call, CancellationToken cancellationToken) =>
        database.WriteAsync<(ChangeConnectionOutcome, Connection?)>(
            async unit =>
            {
                var stored = await ConnectionStore.LockAsync(unit, call.Tenant, connectionId, cancellationToken);
                if (stored is null)
                {
                    return (ChangeConnectionOutcome.NotFound, null);
                }

                if (change(stored) is not { } settings)
                {
                    return (ChangeConnectionOutcome.SettingsTooLarge, null);
                }

                unit.Enqueue(ConnectionStore.SetSettings(call.Tenant, connectionId, settings));
                audit.Add(unit, call.Tenant, ApiOperation.Succeeded(call, userId: null));
                return (ChangeConnectionOutcome.Done, stored with { Settings = settings });
            },
            cancellationToken);
}
