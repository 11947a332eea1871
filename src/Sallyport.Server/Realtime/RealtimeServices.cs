using Sallyport.Server.Configuration;
using Sallyport.Server.Transactions;

namespace Sallyport.Server.Realtime;

internal static class RealtimeServices
{
    public static void AddRealtime(this IServiceCollection services, SallyportOptions options)
    {
        services.AddSingleton<RealtimeMetrics>();
        services.AddSingleton<SocketOrigins>();
        services.AddSingleton<SocketAdmission>();
        services.AddSingleton<SocketRegistry>();
        services.AddSingleton<SubscriptionIndex>();
        services.AddSingleton<TransactionNews>();
        services.AddSingleton<NewsTeller>();
        services.AddSingleton<NewsReader>();
        services.AddSingleton<Conversation>();
        services.AddSingleton<PollingRequests>();
        services.AddSingleton<WebSocketRequests>();
        services.AddSingleton<Announcer>();
        services.AddSingleton<ITransactionAnnouncer>(provider => provider.GetRequiredService<Announcer>());
        services.AddHostedService(provider => provider.GetRequiredService<NewsReader>());
        services.AddHostedService<NoticeListener>();
        services.AddHostedService<SocketClock>();
        services.AddCors(cors => cors.AddPolicy(SocketOrigins.Policy, policy => SocketOrigins.Build(policy, options)));
    }
}
