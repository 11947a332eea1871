using Sallyport.Server.Jobs.Exports;
using Sallyport.Server.Jobs.Imports;
using Sallyport.Server.Jobs.Unenrollments;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Jobs;

internal static class JobServices
{
    private static readonly TimeSpan FinishedJobRetention = TimeSpan.FromDays(1);

    private static readonly TimeSpan AbandonedFileImportRetention = TimeSpan.FromDays(30);

    public static void AddJobs(this IServiceCollection services)
    {
        services.AddSingleton<UpsertImportedUser>();
        services.AddSingleton<WriteImportBatch>();
        services.AddSingleton<ImportEngine>();
        services.AddSingleton<ImportJob>();
        services.AddSingleton<FileImport>();
        services.AddSingleton<ExportJob>();
        services.AddSingleton<DownloadExport>();
        services.AddSingleton<FileExport>();
        services.AddSingleton<ExportLink>();
        services.AddSingleton<UnenrollmentJob>();
        services.AddSingleton<CreateJob>();
        services.AddSingleton<CreateVerificationEmail>();
        services.AddSingleton<JobQueries>();
        services.AddSingleton<RunJob>();
        services.AddSingleton<JobWorker>();
        services.AddHostedService(provider => provider.GetRequiredService<JobWorker>());
        services.AddSingleton(new RetentionRule("job", "job_id", "finished_at < @before", FinishedJobRetention));
        services.AddSingleton(new RetentionRule("file_import", "file_hash", "moved_at < @before", AbandonedFileImportRetention));
        services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, JobJson.Default));
    }
}
