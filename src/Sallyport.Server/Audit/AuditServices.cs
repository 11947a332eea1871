using Sallyport.Server.Configuration;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Audit;

internal static class AuditServices
{
    public static void AddAudit(this IServiceCollection services, Retention retention)
    {
        services.AddSingleton<AuditLog>();
        services.AddSingleton<LogQueries>();
        services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, LogJson.Default));
        services.AddSingleton(new RetentionRule("log", "log_id", "log_id < @before", retention.Log) { ToColumn = instant => LogIds.Lowest(instant) });
    }
}
