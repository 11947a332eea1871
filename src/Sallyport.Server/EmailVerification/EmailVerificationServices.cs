using Sallyport.Server.Configuration;
using Sallyport.Server.Storage;

namespace Sallyport.Server.EmailVerification;

internal static class EmailVerificationServices
{
    public static void AddEmailVerification(this IServiceCollection services, Retention retention)
    {
        services.AddSingleton<VerificationMail>();
        services.AddSingleton<VerifyEmail>();
        services.AddSingleton(new RetentionRule("email_verification", "link_hash", "expires_at < @before", retention.Tickets));
    }
}
