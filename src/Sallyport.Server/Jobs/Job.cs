using System.Text.Json.Serialization;
using Sallyport.Server.Audit;
using Sallyport.Server.Security;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Jobs;

/// <summary>Work that continues after its request was answered (docs/management-api.md §C.5).</summary>
internal sealed record Job(string Id, string Type, JobParametersV1 Parameters)
{
    public const string UsersImport = "users_import";
    public const string UsersExport = "users_export";
    public const string VerificationEmail = "verification_email";
    public const string Unenrollment = "unenrollment";

    public const string Pending = "pending";
    public const string Processing = "processing";
    public const string Completed = "completed";
    public const string Failed = "failed";

    public string Status { get; init; } = Pending;

    public JobProgress Progress { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? FinishedAt { get; init; }

    public string? StatusDetails { get; init; }

    /// <summary>It works on a number of users that is known, and shows how many of them are done.</summary>
    public bool CountsUsers => Type is UsersImport or Unenrollment;

    public static Job New(string type, JobParametersV1 parameters, DateTimeOffset now) =>
        new("job_" + Tokens.NewAlphaNumeric(16), type, parameters) { CreatedAt = now };

    /// <summary>Binds the sealed users of an import to their row.</summary>
    public static AssociatedData ImportFileData(TenantId tenant, string id) => new(tenant, "job", "sealed_file", id);
}

/// <param name="Position">
/// Finished records of an import, or users of an unenrollment, of <paramref name="Total"/>; pieces of the file of a finished export.
/// </param>
internal readonly record struct JobProgress(long Position, long Total, long Inserted, long Updated, long Failed);

/// <summary>The request of a job, as it is stored and shown.</summary>
public record JobParametersV1
{
    [JsonPropertyName("connection_id")]
    public string? ConnectionId { get; init; }

    [JsonPropertyName("connection")]
    public string? Connection { get; init; }

    [JsonPropertyName("upsert")]
    public bool? Upsert { get; init; }

    [JsonPropertyName("external_id")]
    public string? ExternalId { get; init; }

    [JsonPropertyName("send_completion_email")]
    public bool? SendCompletionEmail { get; init; }

    [JsonPropertyName("format")]
    public string? Format { get; init; }

    [JsonPropertyName("limit")]
    public int? Limit { get; init; }

    [JsonPropertyName("fields")]
    public ExportField[]? Fields { get; init; }

    /// <summary>The factor of an unenrollment.</summary>
    [JsonPropertyName("factor")]
    public string? Factor { get; init; }
}

/// <param name="Holder">New each time a job is taken: a worker that comes back late finds that it no longer holds the job.</param>
internal readonly record struct JobLease(string Holder, DateTimeOffset Now, DateTimeOffset Until);

/// <param name="SealedFile">The users of an import; null for an export.</param>
/// <param name="Attempts">Attempts since the job last made progress, including this one.</param>
/// <param name="Source">The caller that created the job.</param>
internal sealed record TakenJob(Job Job, byte[]? SealedFile, long Attempts, AuditSource Source);
