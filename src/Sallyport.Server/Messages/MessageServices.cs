using Sallyport.Server.Configuration;
using Sallyport.Server.Messages.Providers;
using Sallyport.Server.Messages.Smtp;
using Sallyport.Server.Messages.Templates;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Messages;

internal static class MessageServices
{
    public static void AddMessages(this IServiceCollection services, Retention retention)
    {
        services.AddSingleton<OutboxSignal>();
        services.AddSingleton<Outbox>();
        services.AddSingleton<OutboxFolder>();
        services.AddSingleton<LinkMail>();
        services.AddSingleton<MailTemplates>();
        services.AddSingleton<MailComposer>();
        services.AddSingleton(provider => new SmtpSender(provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<MessageDispatcher>();
        services.AddSingleton<ChangeEmailProvider>();
        services.AddSingleton<ChangeEmailTemplate>();
        services.AddHostedService<OutboxWorker>();
        services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, MessageJson.Default));
        services.AddSingleton(new RetentionRule("message", "message_id", "coalesce(delivered_at, failed_at) < @before", retention.Log));
    }

    public static void MapMessages(this IEndpointRouteBuilder api)
    {
        api.MapEmailProvider();
        api.MapEmailTemplates();
    }
}
