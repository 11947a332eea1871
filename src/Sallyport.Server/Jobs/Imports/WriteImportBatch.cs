using System.Text.Json;
using Sallyport.Server.Audit;
using Sallyport.Server.AuthenticationMethods;
using Sallyport.Server.Connections;
using Sallyport.Server.Storage;
using Sallyport.Server.Users;

namespace Sallyport.Server.Jobs.Imports;

/// <summary>Writes some records of an import, and one entry in the log, as part of a unit of work.</summary>
internal sealed class WriteImportBatch(CreateAuthenticationMethod methods, UpsertImportedUser upsert, AuditLog audit)
{
    /// <returns>Null if the connection no longer exists.</returns>
    public async ValueTask<ImportResult?> RunAsync(
        UnitOfWork unit, ImportTarget target, IReadOnlyList<ImportCandidate> batch, CancellationToken cancellationToken)
    {
        if (!await ConnectionStore.HoldAsync(unit, target.Call.Tenant, target.Connection, cancellationToken))
        {
            return null;
        }

        var inserted = await InsertAsync(unit, target, batch, cancellationToken);
        var (updated, failures) = (0, new List<NumberedFailure>());
        foreach (var candidate in batch)
        {
            if (inserted.Contains(candidate))
            {
                await AddFactorsAsync(unit, target, candidate, candidate.User!.UserId, cancellationToken);
            }
            else if ((candidate.Failure ?? await UpdateAsync(unit, target, candidate, cancellationToken)) is { } failure)
            {
                failures.Add(new NumberedFailure(candidate.Number, failure));
            }
            else
            {
                updated++;
            }
        }

        var result = new ImportResult(new ImportCounts(inserted.Count, updated, failures.Count), failures);
        audit.Add(unit, target.Call.Tenant, LogEntry(target, result.Counts));
        return result;
    }

    /// <returns>The records whose users are new.</returns>
    private static async ValueTask<HashSet<ImportCandidate>> InsertAsync(
        UnitOfWork unit, ImportTarget target, IReadOnlyList<ImportCandidate> batch, CancellationToken cancellationToken)
    {
        // If a file names an id twice, the first record creates the user.
        var first = new Dictionary<string, ImportCandidate>(StringComparer.Ordinal);
        foreach (var candidate in batch.Where(candidate => candidate.Failure is null))
        {
            first.TryAdd(candidate.User!.UserId, candidate);
        }

        var ids = await UserStore.InsertUnlessKnownAsync(
            unit, target.Call.Tenant, [.. first.Values.Select(candidate => candidate.User!)], cancellationToken);
        return new HashSet<ImportCandidate>(ids.Select(id => first[id]), ReferenceEqualityComparer.Instance);
    }

    /// <returns>Why the existing user was not updated; null if it was.</returns>
    private async ValueTask<ImportFailure?> UpdateAsync(
        UnitOfWork unit, ImportTarget target, ImportCandidate candidate, CancellationToken cancellationToken)
    {
        if (!target.Upsert)
        {
            return candidate.Refuse(ImportFailure.DuplicatedUser, "The user already exists.");
        }

        var (userId, failure) = await upsert.RunAsync(unit, target, candidate, cancellationToken);
        if (userId is not null)
        {
            await AddFactorsAsync(unit, target, candidate, userId, cancellationToken);
        }

        return failure;
    }

    /// <summary>A factor that the user has already is not changed.</summary>
    private async ValueTask AddFactorsAsync(
        UnitOfWork unit, ImportTarget target, ImportCandidate candidate, string userId, CancellationToken cancellationToken)
    {
        foreach (var factor in candidate.Record!.Factors ?? [])
        {
            await methods.AddAsync(unit, target.Call, userId, factor.ToMethod(), cancellationToken);
        }
    }

    private static AuditEntry LogEntry(ImportTarget target, ImportCounts counts) =>
        new(counts.Failed > 0 ? AuditTypes.UsersNotImported : AuditTypes.UsersImported, target.Call.Source)
        {
            Details = JsonSerializer.Serialize(counts with { JobId = target.JobId }, JobJson.Default.ImportCounts),
        };
}
