using System.Data.Common;
using Sallyport.Server.Audit;
using Sallyport.Server.ResourceServers;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Clients;

internal enum CreateClientGrantOutcome
{
    Created,
    ClientNotFound,
    ApiNotFound,
    Exists,
}

/// <summary>Creates, changes and deletes grants. Issued tokens stay valid until they expire.</summary>
internal sealed class ManageClientGrants(Database database, AuditLog audit)
{
    public async ValueTask<(CreateClientGrantOutcome Outcome, ClientGrant? Grant)> CreateAsync(
        CreateClientGrantRequest request, CallContext call, CancellationToken cancellationToken)
    {
        var grant = new ClientGrant(
            ClientGrantStore.NewId(), request.ClientId, request.Audience, request.Scope ?? [], request.SubjectType ?? ClientGrant.ForClient);
        try
        {
            return await database.WriteAsync(unit => InsertAsync(unit, grant, call, cancellationToken), cancellationToken);
        }
        catch (DbException exception) when (ConstraintViolation.IsUnique(exception))
        {
            return (CreateClientGrantOutcome.Exists, null);
        }
        catch (DbException exception) when (ConstraintViolation.IsForeignKey(exception))
        {
            // The client or the API was deleted between the check and the insert.
            return (CreateClientGrantOutcome.ClientNotFound, null);
        }
    }

    /// <returns>Null if there is no such grant.</returns>
    public ValueTask<ClientGrant?> PatchAsync(
        string grantId, PatchClientGrantRequest request, CallContext call, CancellationToken cancellationToken) =>
        database.WriteAsync(
            async unit =>
            {
                if (request.Scope is { } scope)
                {
                    await unit.ExecuteAsync(ClientGrantStore.SetScope(call.Tenant, grantId, scope), cancellationToken);
                }

                var grant = await ClientGrantStore.FindAsync(unit, call.Tenant, grantId, cancellationToken);
                if (grant is not null)
                {
                    audit.Add(unit, call.Tenant, ApiOperation.Succeeded(call, userId: null));
                }

                return grant;
            },
            cancellationToken);

    /// <returns>False if there is no such grant.</returns>
    public ValueTask<bool> DeleteAsync(string grantId, CallContext call, CancellationToken cancellationToken) =>
        database.WriteAsync(
            async unit =>
            {
                if (await unit.ExecuteAsync(ClientGrantStore.Delete(call.Tenant, grantId), cancellationToken) == 0)
                {
                    return false;
                }

                audit.Add(unit, call.Tenant, ApiOperation.Succeeded(call, userId: null));
                return true;
            },
            cancellationToken);

    private async ValueTask<(CreateClientGrantOutcome Outcome, ClientGrant? Grant)> InsertAsync(
        UnitOfWork unit, ClientGrant grant, CallContext call, CancellationToken cancellationToken)
    {
        if (await ClientStore.FindAsync(unit, call.Tenant, grant.ClientId, cancellationToken) is null or { IsGlobal: true })
        {
            return (CreateClientGrantOutcome.ClientNotFound, null);
        }

        if (await ResourceServerStore.FindAsync(unit, call.Tenant, grant.Audience, cancellationToken) is not { } api
            || api.Identifier != grant.Audience)
        {
            return (CreateClientGrantOutcome.ApiNotFound, null);
        }

        unit.Enqueue(ClientGrantStore.Insert(call.Tenant, grant));
        audit.Add(unit, call.Tenant, ApiOperation.Succeeded(call, userId: null));
        return (CreateClientGrantOutcome.Created, grant);
    }
}
