using System.Text.Json;
using System.Text.Json.Serialization;
using Sallyport.Server.Audit;
using Sallyport.Server.AuthenticationMethods;
using Sallyport.Server.Connections;
using Sallyport.Server.Storage;
using Sallyport.Server.Users;

namespace Sallyport.Server.Jobs;

/// <summary>Writes some records of a file as a part of a unit of work, with the entry in the log.</summary>
internal sealed class ImportBatch(CreateAuthenticationMethod methods, ImportUpsert upsert, AuditLog audit)
{
    private static readonly TenantId Tenant = TenantId.Default;

    /// <returns>Null where the connection is gone.</returns>
    public async ValueTask<ImportResult?> WriteAsync(
        UnitOfWork unit, ImportTarget target, IReadOnlyList<ImportCandidate> batch, CancellationToken cancellationToken)
    {
        if (!await ConnectionStore.HoldAsync(unit, Tenant, target.Connection, cancellationToken))
        {
            return null;
        }

        var inserted = await InsertAsync(unit, batch, cancellationToken);
        var (updated, failures) = (0, new List<(int, ImportFailure)>());
        foreach (var (index, candidate) in batch.Index())
        {
            if (inserted.Contains(candidate))
            {
                await AddFactorsAsync(unit, candidate.User!.UserId, candidate.Record!, target.Source, cancellationToken);
                continue;
            }

            var failure = candidate.Failure ?? await UpdateAsync(unit, target, candidate, cancellationToken);
            if (failure is null)
            {
                updated++;
            }
            else
            {
                failures.Add((index, failure));
            }
        }

        var result = new ImportResult(new ImportCounts(inserted.Count, updated, failures.Count), failures);
        Log(unit, target, result.Counts);
        return result;
    }

    /// <returns>Those whose user is new.</returns>
    private static async ValueTask<HashSet<ImportCandidate>> InsertAsync(
        UnitOfWork unit, IReadOnlyList<ImportCandidate> batch, CancellationToken cancellationToken)
    {
        // Where a file names an id twice, the first record makes the user.
        var first = new Dictionary<string, ImportCandidate>(StringComparer.Ordinal);
        foreach (var candidate in batch.Where(candidate => candidate.Failure is null))
        {
            first.TryAdd(candidate.User!.UserId, candidate);
        }

        var ids = await UserStore.InsertUnlessKnownAsync(unit, Tenant, [.. first.Values.Select(candidate => candidate.User!)], cancellationToken);
        return new HashSet<ImportCandidate>(ids.Select(id => first[id]), ReferenceEqualityComparer.Instance);
    }

    private async ValueTask<ImportFailure?> UpdateAsync(
        UnitOfWork unit, ImportTarget target, ImportCandidate candidate, CancellationToken cancellationToken)
    {
        if (!target.Upsert)
        {
            return candidate.Refuse(ImportFailure.DuplicatedUser, "The user already exists.").Failure;
        }

        var (userId, failure) = await upsert.RunAsync(unit, target.Connection, candidate, cancellationToken);
        if (userId is not null)
        {
            await AddFactorsAsync(unit, userId, candidate.Record!, target.Source, cancellationToken);
        }

        return failure;
    }

    /// <summary>A factor that the user has already stays as it is.</summary>
    private async ValueTask AddFactorsAsync(
        UnitOfWork unit, string userId, ImportRecord record, AuditSource source, CancellationToken cancellationToken)
    {
        var call = new CallContext(Tenant, CallChannel.Worker, source);
        foreach (var factor in record.Factors ?? [])
        {
            await methods.AddAsync(unit, call, userId, factor.ToMethod(), cancellationToken);
        }
    }

    private void Log(UnitOfWork unit, ImportTarget target, ImportCounts counts)
    {
        var type = counts.Failed > 0 ? AuditTypes.UsersNotImported : AuditTypes.UsersImported;
        var details = JsonSerializer.Serialize(counts with { JobId = target.JobId }, JobJson.Default.ImportCounts);
        audit.Add(unit, Tenant, new AuditEntry(type, target.Source) { Details = details });
    }
}

/// <param name="Connection">Its name.</param>
/// <param name="Source">Who has asked for it.</param>
internal sealed record ImportTarget(string Connection, bool Upsert, AuditSource Source)
{
    /// <summary>Null from the command line.</summary>
    public string? JobId { get; init; }
}

/// <param name="Failures">With their places in the batch.</param>
internal sealed record ImportResult(ImportCounts Counts, IReadOnlyList<(int Index, ImportFailure Failure)> Failures);

internal sealed record ImportCounts(
    [property: JsonPropertyName("inserted")] int Inserted,
    [property: JsonPropertyName("updated")] int Updated,
    [property: JsonPropertyName("failed")] int Failed)
{
    [JsonPropertyName("job_id")]
    public string? JobId { get; init; }
}
