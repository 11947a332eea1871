using Sallyport.Server.Jobs.Imports;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Jobs;

/// <summary>Jobs and the records that they refused.</summary>
internal sealed class JobQueries(Database database)
{
    public ValueTask<Job?> FindAsync(TenantId tenant, string jobId, CancellationToken cancellationToken) =>
        database.ReadAsync(session => JobStore.FindAsync(session, tenant, jobId, cancellationToken), cancellationToken);

    /// <returns>Null if there is no such job.</returns>
    public ValueTask<IReadOnlyList<ImportFailure>?> ListFailuresAsync(TenantId tenant, string jobId, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<ImportFailure>?>(
            async session => await JobStore.FindAsync(session, tenant, jobId, cancellationToken) is null
                ? null
                : await JobStore.ListFailuresAsync(session, tenant, jobId, cancellationToken),
            cancellationToken);
}
