using Sallyport.Server.Configuration;
using Sallyport.Server.Transactions;

namespace Sallyport.Server.Realtime;

internal static class RealtimeServices
{
    public static void AddRealtime(this IServiceCollection services, SallyportOptions options)
    {
        services.AddSingleton<RealtimeMetrics>();
        services.AddSingleton<SocketOrigins>();
        services.AddSingleton<ConnectionLimiter>();
        services.AddSingleton<SocketRegistry>();
        services.AddSingleton<SubscriptionIndex>();
        services.AddSingleton<TransactionEvents>();
        services.AddSingleton<SocketNotifier>();
        services.AddSingleton<ChangeDispatcher>();
        services.AddSingleton<SocketAuthenticator>();
        services.AddSingleton<PollingRequests>();
        services.AddSingleton<WebSocketRequests>();
        services.AddSingleton<TransactionChangePublisher>();
        services.AddSingleton<ITransactionChangePublisher>(provider => provider.GetRequiredService<TransactionChangePublisher>());
        services.AddHostedService(provider => provider.GetRequiredService<ChangeDispatcher>());
        services.AddHostedService<PeriodicRefresh>();
        services.AddHostedService<ChangeListener>();
        services.AddHostedService<SocketTimer>();
        services.AddCors(cors => cors.AddPolicy(SocketOrigins.Policy, policy => SocketOrigins.Build(policy, options)));
    }
}
