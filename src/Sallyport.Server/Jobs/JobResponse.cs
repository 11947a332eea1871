using System.Text.Json.Serialization;
using Sallyport.Server.Audit;
using Sallyport.Server.Http;
using Sallyport.Server.Jobs.Imports;
using Sallyport.Server.Jobs.Unenrollments;

namespace Sallyport.Server.Jobs;

/// <summary>A job as the Management API shows it (docs/management-api.md §C.5).</summary>
public sealed record JobResponse : JobParametersV1
{
    private JobResponse(JobParametersV1 parameters)
        : base(parameters)
    {
    }

    [JsonPropertyName("type")]
    public required string Type { get; init; }

    [JsonPropertyName("status")]
    public required string Status { get; init; }

    [JsonPropertyName("id")]
    public required string Id { get; init; }

    [JsonPropertyName("created_at")]
    public required DateTimeOffset CreatedAt { get; init; }

    [JsonPropertyName("percentage_done")]
    public int? PercentageDone { get; init; }

    [JsonPropertyName("time_left_seconds")]
    public long? TimeLeftSeconds { get; init; }

    [JsonPropertyName("status_details")]
    public string? StatusDetails { get; init; }

    [JsonPropertyName("summary")]
    public JobSummary? Summary { get; init; }

    /// <summary>The address of the file of a finished export. It needs no token, so only callers that may read users see it.</summary>
    [JsonPropertyName("location")]
    public string? Location { get; init; }

    /// <summary>A new job is shown as pending, even if it is completed at once.</summary>
    internal static JobResponse Created(Job job) => new(job.Parameters)
    {
        Type = job.Type,
        Status = Job.Pending,
        Id = job.Id,
        CreatedAt = job.CreatedAt,
    };

    /// <summary>The entry for a job that was created.</summary>
    internal static AuditEntry LogEntry(CallContext call, Job job, string? userId = null) =>
        ApiOperation.WithAnswer(ApiOperation.Succeeded(call, userId), Created(job), JobJson.Default.JobResponse);

    internal static JobResponse Of(Job job, string? location, DateTimeOffset now) => Created(job) with
    {
        Status = job.Status,
        StatusDetails = job.StatusDetails,
        PercentageDone = job.CountsUsers ? Percentage(job) : null,
        TimeLeftSeconds = job.CountsUsers ? TimeLeft(job, now) : null,
        Summary = job is { CountsUsers: true, FinishedAt: not null } ? JobSummary.Of(job.Progress) : null,
        Location = location,
    };

    /// <summary>Users who enroll or leave meanwhile change the number that an unenrollment finds.</summary>
    private static int Percentage(Job job) =>
        job.Status == Job.Completed ? 100 : (int)Math.Min(99, job.Progress.Position * 100 / Math.Max(1, job.Progress.Total));

    /// <summary>Estimated from the speed so far; unknown before the first records are done.</summary>
    private static long? TimeLeft(Job job, DateTimeOffset now)
    {
        if (job.FinishedAt is not null)
        {
            return 0;
        }

        var left = Math.Max(0, job.Progress.Total - job.Progress.Position);
        return job is { StartedAt: { } startedAt, Progress.Position: > 0 and var done }
            ? (long)Math.Ceiling(Math.Max(0, (now - startedAt).TotalSeconds) * left / done)
            : null;
    }
}

public sealed record JobSummary(
    [property: JsonPropertyName("failed")] long Failed,
    [property: JsonPropertyName("updated")] long Updated,
    [property: JsonPropertyName("inserted")] long Inserted,
    [property: JsonPropertyName("total")] long Total)
{
    internal static JobSummary Of(JobProgress progress) => new(progress.Failed, progress.Updated, progress.Inserted, progress.Total);
}

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, Converters = [typeof(InstantConverter)])]
[JsonSerializable(typeof(JobResponse))]
[JsonSerializable(typeof(JobParametersV1))]
[JsonSerializable(typeof(CreateExportRequest))]
[JsonSerializable(typeof(CreateVerificationEmailRequest))]
[JsonSerializable(typeof(CreateUnenrollmentRequest))]
[JsonSerializable(typeof(ImportParts))]
[JsonSerializable(typeof(ImportRecord))]
[JsonSerializable(typeof(ImportCounts))]
[JsonSerializable(typeof(IReadOnlyList<ImportFailure>))]
internal sealed partial class JobJson : JsonSerializerContext;
