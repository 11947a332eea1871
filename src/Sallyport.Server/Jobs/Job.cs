using Sallyport.Server.Security;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Jobs;

/// <summary>What goes on after its request was answered (docs/management-api.md §C.5).</summary>
internal sealed record Job(string Id, string Type, JobParametersV1 Parameters)
{
    public const string UsersImport = "users_import";
    public const string UsersExport = "users_export";
    public const string VerificationEmail = "verification_email";

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

    public static Job New(string type, JobParametersV1 parameters, DateTimeOffset now) =>
        new("job_" + Tokens.NewAlphaNumeric(16), type, parameters) { CreatedAt = now };

    /// <summary>Where the users to import lie sealed.</summary>
    public static AssociatedData FilePlace(TenantId tenant, string id) => new(tenant, "job", "sealed_file", id);
}

/// <param name="Position">Records that are done, of <paramref name="Total"/>.</param>
internal readonly record struct JobProgress(long Position, long Total, long Inserted, long Updated, long Failed);
