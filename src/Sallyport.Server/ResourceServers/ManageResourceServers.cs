using System.Data.Common;
using System.Text.Json;
using Sallyport.Server.Audit;
using Sallyport.Server.Configuration;
using Sallyport.Server.Storage;

namespace Sallyport.Server.ResourceServers;

internal enum CreateResourceServerOutcome
{
    Created,

    /// <summary>There is an API with this identifier.</summary>
    Exists,

    /// <summary>The identifier looks like the one of the Management API.</summary>
    ImitatesManagementApi,

    SettingsTooLarge,
}

internal enum ChangeResourceServerOutcome
{
    Done,
    NotFound,

    /// <summary>The Management API is defined by the configuration and cannot be changed.</summary>
    IsSystem,

    SettingsTooLarge,
}

/// <summary>Creates, changes and deletes APIs.</summary>
internal sealed class ManageResourceServers(Database database, AuditLog audit, SallyportOptions options, TimeProvider clock)
{
    public async ValueTask<(CreateResourceServerOutcome Outcome, ResourceServer? Server)> CreateAsync(
        CreateResourceServerRequest request, CallContext call, CancellationToken cancellationToken)
    {
        if (Lookalike.Is(request.Identifier, options.ManagementAudience))
        {
            return (CreateResourceServerOutcome.ImitatesManagementApi, null);
        }

        if (ResourceServer.NewSettings(request) is not { } settings)
        {
            return (CreateResourceServerOutcome.SettingsTooLarge, null);
        }

        var server = new ResourceServer(ResourceServerStore.NewId(), request.Identifier, request.Name ?? request.Identifier) { Settings = settings };
        try
        {
            await database.WriteAsync(
                unit =>
                {
                    unit.Enqueue(ResourceServerStore.Insert(call.Tenant, server, clock.GetUtcNow()));
                    audit.Add(unit, call.Tenant, ApiOperation.Succeeded(call, userId: null));
                    return ValueTask.CompletedTask;
                },
                cancellationToken);
            return (CreateResourceServerOutcome.Created, server);
        }
        catch (DbException exception) when (ConstraintViolation.IsUnique(exception))
        {
            return (CreateResourceServerOutcome.Exists, null);
        }
    }

    /// <param name="id">The id or the identifier.</param>
    /// <param name="changes">The members of the request, in which <c>null</c> removes a setting.</param>
    public ValueTask<(ChangeResourceServerOutcome Outcome, ResourceServer? Server)> PatchAsync(
        string id, PatchResourceServerRequest request, JsonElement changes, CallContext call, CancellationToken cancellationToken) =>
        ChangeAsync(
            id,
            (unit, stored) =>
            {
                if (StoredSettings.Merge(stored.Settings, changes, "name") is not { } settings)
                {
                    return null;
                }

                var patched = stored with { Name = request.Name ?? stored.Name, Settings = settings };
                unit.Enqueue(ResourceServerStore.Update(call.Tenant, patched));
                return patched;
            },
            call,
            cancellationToken);

    /// <summary>Deletes the API and its grants. Issued tokens stay valid until they expire: only their receivers can check them.</summary>
    public async ValueTask<ChangeResourceServerOutcome> DeleteAsync(string id, CallContext call, CancellationToken cancellationToken)
    {
        var (outcome, _) = await ChangeAsync(
            id,
            (unit, stored) =>
            {
                unit.Enqueue(ResourceServerStore.Delete(call.Tenant, stored.Id));
                return stored;
            },
            call,
            cancellationToken);
        return outcome;
    }

    /// <param name="change">Returns null if the settings would become too large.</param>
    private ValueTask<(ChangeResourceServerOutcome Outcome, ResourceServer? Server)> ChangeAsync(
        string id, Func<UnitOfWork, ResourceServer, ResourceServer?> change, CallContext call, CancellationToken cancellationToken) =>
        database.WriteAsync<(ChangeResourceServerOutcome, ResourceServer?)>(
            async unit =>
            {
                var stored = await ResourceServerStore.LockAsync(unit, call.Tenant, id, cancellationToken);
                if (stored is null or { IsSystem: true })
                {
                    return (stored is null ? ChangeResourceServerOutcome.NotFound : ChangeResourceServerOutcome.IsSystem, null);
                }

                if (change(unit, stored) is not { } changed)
                {
                    return (ChangeResourceServerOutcome.SettingsTooLarge, null);
                }

                audit.Add(unit, call.Tenant, ApiOperation.Succeeded(call, userId: null));
                return (ChangeResourceServerOutcome.Done, changed);
            },
            cancellationToken);
}
