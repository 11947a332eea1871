using Sallyport.Server.Configuration;
using Sallyport.Server.Messages;
using Sallyport.Server.Messages.Providers;

namespace Sallyport.Server.Factors.Sms.Providers;

internal static class PhoneProviderServices
{
    public static void AddPhoneProviders(this IServiceCollection services)
    {
        services.AddProviderClient(ProviderAddresses.Twilio);
        services.AddProviderClient(ProviderAddresses.Sns);
        services.AddWebhookClient(PhoneHook.Client);
        foreach (var channel in new[] { Message.Sms, Message.Voice })
        {
            services.AddSingleton<IMessageProvider>(provider => ActivatorUtilities.CreateInstance<TwilioGateway>(provider, channel));
            services.AddSingleton<IMessageProvider>(provider => ActivatorUtilities.CreateInstance<SnsGateway>(provider, channel));
            services.AddSingleton<IMessageProvider>(provider => ActivatorUtilities.CreateInstance<PhoneHook>(provider, channel));
        }

        services.AddSingleton<TestPhoneProvider>();
    }
}
