namespace Sallyport.Server.Audit;

internal static class AuditServices
{
    public static void AddAudit(this IServiceCollection services)
    {
        services.AddSingleton<AuditLog>();
    }
}
