using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using System.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace Sallyport.Server.Tests.Hosting;

/// <param name="Target">The path and the query, as they were on the wire.</param>
internal sealed record ReceivedRequest(string Method, string Target, string Body)
{
    /// <summary>Such as HTTP/2.</summary>
    public required string Protocol { get; init; }

    public required IReadOnlyDictionary<string, string> Headers { get; init; }

    public JsonNode Json => JsonNode.Parse(Body)!;

    public string? Field(string name) => HttpUtility.ParseQueryString(Body)[name];

    /// <summary>The names of a form's fields, in the order of the wire.</summary>
    public IEnumerable<string?> FieldNames => HttpUtility.ParseQueryString(Body).AllKeys;
}

internal sealed record ProviderReply(int Status, string Body = "")
{
    public static readonly ProviderReply Never = new(0);
    public static readonly ProviderReply BrokenConnection = new(-1);

    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();
}

/// <summary>
/// Stands for a service that is called over HTTP, such as an SMS gateway: keeps the requests and answers as the test says. Set
/// <c>Sallyport:Providers:{name}:BaseAddress</c> to its <see cref="Url"/>.
/// </summary>
internal sealed class FakeProvider : IAsyncDisposable
{
    private readonly ConcurrentQueue<ReceivedRequest> requests = new();
    private readonly WebApplication app;

    private FakeProvider(WebApplication app) => this.app = app;

    public string Url => app.Urls.First();

    public Func<ReceivedRequest, ProviderReply> Reply { get; set; } = _ => new ProviderReply(200, "{}");

    public IReadOnlyList<ReceivedRequest> Requests => [.. requests];

    /// <param name="protocol">HTTP/2 is without TLS: clients have to know that beforehand.</param>
    /// <param name="port">0: any free one.</param>
    public static async Task<FakeProvider> StartAsync(HttpProtocols protocol = HttpProtocols.Http1, int port = 0)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port, listener => listener.Protocols = protocol));
        var provider = new FakeProvider(builder.Build());
        provider.app.Run(provider.AnswerAsync);
        await provider.app.StartAsync();
        return provider;
    }

    public Task<IReadOnlyList<ReceivedRequest>> WaitForAsync(int count) =>
        Eventually.GetAsync(() => Task.FromResult(Requests), received => received.Count >= count);

    public async ValueTask DisposeAsync()
    {
        // Does not wait for requests that are never answered.
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await app.StopAsync(now.Token);
        await app.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var request = new ReceivedRequest(
            context.Request.Method, context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget, await reader.ReadToEndAsync(context.RequestAborted))
        {
            Protocol = context.Request.Protocol,
            Headers = context.Request.Headers.ToDictionary(
                header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase),
        };
        requests.Enqueue(request);
        var reply = Reply(request);
        if (reply == ProviderReply.BrokenConnection)
        {
            context.Abort();
            return;
        }

        if (reply == ProviderReply.Never)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return;
        }

        context.Response.StatusCode = reply.Status;
        foreach (var (name, value) in reply.Headers)
        {
            context.Response.Headers[name] = value;
        }

        await context.Response.WriteAsync(reply.Body);
    }
}
