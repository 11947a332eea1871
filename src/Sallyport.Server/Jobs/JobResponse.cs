using System.Text.Json.Serialization;

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

    /// <summary>From where a finished export is loaded, by whoever has the address.</summary>
    [JsonPropertyName("location")]
    public string? Location { get; init; }

    /// <summary>As a new job is shown: what becomes of it is not known yet.</summary>
    internal static JobResponse Created(Job job) => new(job.Parameters)
    {
        Type = job.Type,
        Status = Job.Pending,
        Id = job.Id,
        CreatedAt = job.CreatedAt,
    };

    internal static JobResponse Of(Job job, string? location, DateTimeOffset now) => Created(job) with
    {
        Status = job.Status,
        StatusDetails = job.StatusDetails,
        PercentageDone = job.Type == Job.UsersImport ? Percentage(job.Progress) : null,
        TimeLeftSeconds = job.Type == Job.UsersImport ? TimeLeft(job, now) : null,
        Summary = job is { Type: Job.UsersImport, FinishedAt: not null } ? JobSummary.Of(job.Progress) : null,
        Location = location,
    };

    private static int Percentage(JobProgress progress) => (int)(progress.Position * 100 / progress.Total);

    /// <summary>As if it went on as it has gone so far; unknown before the first records are done.</summary>
    private static long? TimeLeft(Job job, DateTimeOffset now)
    {
        if (job.FinishedAt is not null)
        {
            return 0;
        }

        var left = job.Progress.Total - job.Progress.Position;
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
