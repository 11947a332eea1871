using Sallyport.Server.Configuration;
using Sallyport.Server.Messages.Providers;
using Sallyport.Server.Messages.Smtp;

namespace Sallyport.Server.Messages.MailServices;

internal static class MailProviderServices
{
    public static void AddMailProviders(this IServiceCollection services)
    {
        services.AddSingleton<SmtpTokens>();
        services.AddWebhookClient(SmtpTokens.ClientName);
        services.AddSingleton<IMessageProvider, SmtpProvider>();
        services.AddMailProvider<SesProvider>(ProviderAddresses.Ses);
        services.AddMailProvider<SendGridProvider>(ProviderAddresses.SendGrid);
        services.AddMailProvider<MailgunProvider>(ProviderAddresses.Mailgun);
        services.AddMailProvider<PostmarkProvider>(ProviderAddresses.Postmark);
        services.AddMailProvider<ResendProvider>(ProviderAddresses.Resend);
    }

    private static void AddMailProvider<T>(this IServiceCollection services, string client)
        where T : class, IMessageProvider
    {
        services.AddProviderClient(client);
        services.AddSingleton<IMessageProvider, T>();
    }
}
