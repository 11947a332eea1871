using Sallyport.Server.Configuration;
using Sallyport.Server.Messages.MailServices;
using Sallyport.Server.Messages.Providers;
using Sallyport.Server.Messages.Templates;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Messages;

internal static class MessageServices
{
    public static void AddMessages(this IServiceCollection services, Retention retention)
    {
        services.AddSingleton<Outbox>();
        services.AddSingleton<OutboxFolder>();
        services.AddSingleton<MailTemplates>();
        services.AddSingleton<MailComposer>();
        services.AddSingleton<MailSourceCache>();
        services.AddSingleton<MessageDispatcher>();
        services.AddSingleton<MessageQueries>();
        services.AddSingleton<MessageMetrics>();
        services.AddSingleton<ChangeEmailProvider>();
        services.AddSingleton<TestEmailProvider>();
        services.AddSingleton<TestDelivery>();
        services.AddSingleton<ChangeEmailTemplate>();
        services.AddSingleton(MailExample.Enrollment);
        services.AddSingleton<EmailTemplateEditor>();
        services.AddSingleton<TestEmailTemplate>();
        services.AddMailProviders();
        // The outbox reports failed attempts, many in one line. What remains is the state of an outage.
        services.AddLogging(logging => logging.AddFilter("Polly", LogLevel.Error));
        services.AddSingleton<DeliveryRecorder>();
        services.AddHostedService(provider => provider.GetRequiredService<DeliveryRecorder>());
        services.AddMessageChannel<EmailChannel>();
        services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, MessageJson.Default));
        services.AddSingleton(new RetentionRule("message", "message_id", "coalesce(delivered_at, failed_at) < @before", retention.Log));
    }

    /// <summary>Adds a channel with its own worker.</summary>
    public static void AddMessageChannel<T>(this IServiceCollection services)
        where T : class, IMessageChannel
    {
        services.AddSingleton<T>();
        services.AddSingleton<IMessageChannel>(provider => provider.GetRequiredService<T>());
        services.AddKeyedSingleton(typeof(T), (provider, _) => ActivatorUtilities.CreateInstance<OutboxWorker>(
            provider, ActivatorUtilities.CreateInstance<DeliveryLane>(provider, provider.GetRequiredService<T>())));
        services.AddSingleton(provider => provider.GetRequiredKeyedService<OutboxWorker>(typeof(T)));
        services.AddSingleton<IHostedService>(provider => provider.GetRequiredKeyedService<OutboxWorker>(typeof(T)));
    }

    public static void MapMessages(this IEndpointRouteBuilder api)
    {
        api.MapEmailProvider();
        api.MapEmailTemplates();
    }
}
