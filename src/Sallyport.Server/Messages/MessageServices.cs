using Sallyport.Server.Configuration;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Messages;

internal static class MessageServices
{
    public static void AddMessages(this IServiceCollection services, Retention retention)
    {
        services.AddSingleton<OutboxSignal>();
        services.AddSingleton<Outbox>();
        services.AddSingleton<OutboxFolder>();
        services.AddSingleton<EnrollmentMail>();
        services.AddHostedService<Delivery>();
        services.AddSingleton(new Sweep("message", "message_id", "coalesce(delivered_at, failed_at) < @before", retention.Log));
    }
}
