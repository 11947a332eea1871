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

/// <summary>Grants that the Management API makes, changes and removes. Tokens that were issued live on until they expire.</summary>
internal sealed class ManageClientGrants(Database database, AuditLog audit)
{
    private static readonly TenantId Tenant = TenantId.Default;

    public async ValueTask<(CreateClientGrantOutcome Outcome, ClientGrant? Grant)> CreateAsync(
        CreateClientGrantRequest request, AuditEntry entry, CancellationToken cancellationToken)
    {
        var grant = new ClientGrant(
            ClientGrantStore.NewId(), request.ClientId, request.Audience, request.Scope ?? [], request.SubjectType ?? ClientGrant.ForClient);
        try
        {
            return await database.WriteAsync(unit => InsertAsync(unit, grant, entry, cancellationToken), cancellationToken);
        }
        catch (DbException exception) when (ConstraintViolation.IsUnique(exception))
        {
            return (CreateClientGrantOutcome.Exists, null);
        }
        catch (DbException exception) when (ConstraintViolation.IsForeignKey(exception))
        {
            // Client or API was removed between the look and the insert.
            return (CreateClientGrantOutcome.ClientNotFound, null);
        }
    }

    public ValueTask<ClientGrant?> PatchAsync(
        string grantId, PatchClientGrantRequest request, AuditEntry entry, CancellationToken cancellationToken) =>
        database.WriteAsync(
            async unit =>
            {
                if (request.Scope is { } scope)
                {
                    await unit.ExecuteAsync(ClientGrantStore.SetScope(Tenant, grantId, scope), cancellationToken);
                }

                var grant = await ClientGrantStore.FindAsync(unit, Tenant, grantId, cancellationToken);
                if (grant is not null)
                {
                    audit.Add(unit, Tenant, entry);
                }

                return grant;
            },
            cancellationToken);

    /// <returns>False where there is none.</returns>
    public ValueTask<bool> DeleteAsync(string grantId, AuditEntry entry, CancellationToken cancellationToken) =>
        database.WriteAsync(
            async unit =>
            {
                if (await unit.ExecuteAsync(ClientGrantStore.Delete(Tenant, grantId), cancellationToken) == 0)
                {
                    return false;
                }

                audit.Add(unit, Tenant, entry);
                return true;
            },
            cancellationToken);

    private async ValueTask<(CreateClientGrantOutcome Outcome, ClientGrant? Grant)> InsertAsync(
        UnitOfWork unit, ClientGrant grant, AuditEntry entry, CancellationToken cancellationToken)
    {
        if (await ClientStore.FindAsync(unit, Tenant, grant.ClientId, cancellationToken) is null or { IsGlobal: true })
        {
            return (CreateClientGrantOutcome.ClientNotFound, null);
        }

        if (await ResourceServerStore.FindAsync(unit, Tenant, grant.Audience, cancellationToken) is not { } api
            || api.Identifier != grant.Audience)
        {
            return (CreateClientGrantOutcome.ApiNotFound, null);
        }

        unit.Enqueue(ClientGrantStore.Insert(Tenant, grant));
        audit.Add(unit, Tenant, entry);
        return (CreateClientGrantOutcome.Created, grant);
    }
}
