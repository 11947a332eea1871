namespace Sallyport.Server.Messages;

internal static class MessageServices
{
    public static void AddMessages(this IServiceCollection services)
    {
        services.AddSingleton<OutboxSignal>();
        services.AddSingleton<Outbox>();
        services.AddSingleton<OutboxFolder>();
        services.AddSingleton<EnrollmentMail>();
        services.AddHostedService<Delivery>();
    }
}
