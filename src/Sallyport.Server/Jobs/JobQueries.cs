using Sallyport.Server.Jobs.Exports;
using Sallyport.Server.Jobs.Imports;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Jobs;

/// <summary>Jobs and the records that they refused, as the Management API shows them.</summary>
internal sealed class JobQueries(Database database, ExportLink link, TimeProvider clock)
{
    /// <param name="withLocation">Whether the caller may have the address of an export.</param>
    public async ValueTask<JobResponse?> FindAsync(TenantId tenant, string jobId, bool withLocation, CancellationToken cancellationToken)
    {
        var job = await database.ReadAsync(session => JobStore.FindAsync(session, tenant, jobId, cancellationToken), cancellationToken);
        return job is null ? null : JobResponse.Of(job, withLocation ? link.Create(tenant, job) : null, clock.GetUtcNow());
    }

    /// <returns>Null if there is no such job.</returns>
    public ValueTask<IReadOnlyList<ImportFailure>?> ListFailuresAsync(TenantId tenant, string jobId, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<ImportFailure>?>(
            async session => await JobStore.FindAsync(session, tenant, jobId, cancellationToken) is null
                ? null
                : await JobStore.ListFailuresAsync(session, tenant, jobId, cancellationToken),
            cancellationToken);
}
