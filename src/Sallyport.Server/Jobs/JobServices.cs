using Sallyport.Server.Storage;

namespace Sallyport.Server.Jobs;

internal static class JobServices
{
    private static readonly TimeSpan Retention = TimeSpan.FromDays(1);

    /// <summary>Of how far a file has come that nobody goes on with.</summary>
    private static readonly TimeSpan FileRetention = TimeSpan.FromDays(30);

    public static void AddJobs(this IServiceCollection services)
    {
        services.AddSingleton<ImportUpsert>();
        services.AddSingleton<ImportBatch>();
        services.AddSingleton<ImportStream>();
        services.AddSingleton<RunImports>();
        services.AddSingleton<CreateJob>();
        services.AddSingleton<CreateVerificationEmail>();
        services.AddSingleton<UserExport>();
        services.AddSingleton<ExportLink>();
        services.AddSingleton<JobWorker>();
        services.AddHostedService(provider => provider.GetRequiredService<JobWorker>());
        services.AddSingleton(new RetentionRule("job", "job_id", "finished_at < @before", Retention));
        services.AddSingleton(new RetentionRule("file_import", "file_hash", "moved_at < @before", FileRetention));
        services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, JobJson.Default));
    }
}
