using System.Net;
using Microsoft.Extensions.Http.Resilience;
using Polly;
using Polly.Timeout;
using Sallyport.Server.Configuration;

namespace Sallyport.Server.Messages.Providers;

internal static class ProviderClientServices
{
    /// <summary>Shorter than <see cref="DeliveryLane.Timeout"/>.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Connections are renewed this often, to notice a change of the provider's addresses.</summary>
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(5);

    /// <summary>Adds a <see cref="ProviderClient"/> with this name as its key.</summary>
    public static void AddProviderClient(this IServiceCollection services, string name) =>
        services.AddProviderClient(name, _ => NewHandler());

    /// <summary>Adds a <see cref="ProviderClient"/> for addresses that tenant administrators choose. It does not connect to private networks.</summary>
    public static void AddWebhookClient(this IServiceCollection services, string name) =>
        services.AddProviderClient(name, provider =>
        {
            var handler = NewHandler();
            if (!provider.GetRequiredService<SallyportOptions>().AllowsPrivateWebhooks)
            {
                // Through a proxy the destination could not be checked.
                handler.UseProxy = false;
                handler.ConnectCallback = PublicDestinations.ConnectAsync;
            }

            return handler;
        });

    private static void AddProviderClient(this IServiceCollection services, string name, Func<IServiceProvider, SocketsHttpHandler> newHandler)
    {
        services.AddKeyedSingleton(name, (provider, _) => new ProviderClient(provider.GetRequiredService<IHttpClientFactory>(), name));
        var client = services.AddHttpClient(name, http => http.Timeout = System.Threading.Timeout.InfiniteTimeSpan)
            .ConfigurePrimaryHttpMessageHandler(newHandler)
            .SetHandlerLifetime(System.Threading.Timeout.InfiniteTimeSpan)
            // The loggers of the client write addresses, and paths contain tokens.
            .RemoveAllLoggers();
        client.AddResilienceHandler(name, (pipeline, context) =>
        {
            pipeline.TimeProvider = context.ServiceProvider.GetRequiredService<TimeProvider>();
            pipeline.AddCircuitBreaker(NewBreaker()).AddTimeout(Timeout);
        }).SelectPipelineByAuthority();
        client.AddHttpMessageHandler(() => new AnswerBuffer());
    }

    private static SocketsHttpHandler NewHandler() => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        ConnectTimeout = ConnectTimeout,
        PooledConnectionLifetime = ConnectionLifetime,
        EnableMultipleHttp2Connections = true,
    };

    /// <summary>
    /// Opens when hardly any call succeeds, so that an outage does not hold all deliveries for the length of the time limit. A refusal of one
    /// account (429) is no outage.
    /// </summary>
    private static HttpCircuitBreakerStrategyOptions NewBreaker() => new()
    {
        FailureRatio = 0.8,
        MinimumThroughput = 20,
        SamplingDuration = TimeSpan.FromSeconds(10),
        BreakDuration = TimeSpan.FromSeconds(5),
        ShouldHandle = arguments => ValueTask.FromResult(arguments.Outcome switch
        {
            { Exception: TimeoutRejectedException or HttpRequestException } => true,
            { Result.StatusCode: >= HttpStatusCode.InternalServerError } => true,
            _ => false,
        }),
    };

    /// <summary>Reads the body of an answer within the time limit, up to a length that no answer of a provider reaches.</summary>
    private sealed class AnswerBuffer : DelegatingHandler
    {
        private const int MaxLength = 64 * 1024;

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var response = await base.SendAsync(request, cancellationToken);
            try
            {
                await response.Content.LoadIntoBufferAsync(MaxLength, cancellationToken);
            }
            catch (HttpRequestException exception) when (exception.HttpRequestError == HttpRequestError.ConfigurationLimitExceeded)
            {
                // The status says enough, and a message that was accepted must not be sent again.
                response.Content.Dispose();
                response.Content = new ByteArrayContent([]);
            }
            catch
            {
                response.Dispose();
                throw;
            }

            return response;
        }
    }
}
