using Microsoft.AspNetCore.Cors.Infrastructure;
using Sallyport.Protocols.SocketIo;
using Sallyport.Server.Configuration;
using Sallyport.Server.Http;

namespace Sallyport.Server.Realtime;

/// <summary>
/// The endpoints of socket.io clients (docs/wire.md §2.2). Routing ignores the trailing slash that all clients send. These endpoints
/// need no credentials: a client authenticates inside the session and can do nothing else before.
/// </summary>
internal static class SocketEndpoints
{
    private static readonly string[] Paths = ["/socket.io", "/appliance-mfa/socket.io"];

    public static void MapSockets(this IEndpointRouteBuilder routes)
    {
        // A websocket lasts for minutes, which would distort the metrics of request durations.
        var group = routes.MapGroup("").ExcludeFromDescription().RequireCors(SocketOrigins.Policy).DisableHttpMetrics();
        foreach (var path in Paths)
        {
            group.Map(path, ServeAsync);
        }
    }

    private static Task ServeAsync(
        HttpContext context, SocketOrigins origins, SocketRegistry registry, PollingRequests polling, WebSocketRequests webSockets)
    {
        if (!origins.IsAllowed(context.Request))
        {
            return SocketRefusal.Forbidden.ExecuteAsync(context);
        }

        if (SocketRequest.Read(context.Request.Query, out var request) is { } refusal)
        {
            return refusal.ExecuteAsync(context);
        }

        if (!IsHandshake(context.Request.Method) && (request.SocketId is null || !HttpMethods.IsPost(context.Request.Method)))
        {
            return SocketRefusal.BadMethod.ExecuteAsync(context);
        }

        if (context.WebSockets.IsWebSocketRequest != (request.Transport == SocketTransport.WebSocket))
        {
            return SocketRefusal.BadRequest.ExecuteAsync(context);
        }

        var (socket, failure) = FindOrOpen(context, registry, request);
        return socket is null ? failure!.ExecuteAsync(context)
            : request.Transport == SocketTransport.WebSocket ? webSockets.ServeAsync(context, socket)
            : HttpMethods.IsPost(context.Request.Method) ? polling.PostAsync(context, socket)
            : PollingRequests.GetAsync(context, socket);
    }

    /// <summary>A websocket over HTTP/2 uses CONNECT.</summary>
    private static bool IsHandshake(string method) => HttpMethods.IsGet(method) || HttpMethods.IsConnect(method);

    private static (ClientSocket? Socket, IResult? Failure) FindOrOpen(HttpContext context, SocketRegistry registry, SocketRequest request)
    {
        if (request.SocketId is null)
        {
            var (opened, outcome) = registry.Open(request.Protocol, request.Transport, ClientAddress.Of(context));
            return (opened, opened is null ? SocketRefusal.Of(outcome) : null);
        }

        var socket = registry.Find(request.SocketId);
        return socket is null ? (null, SocketRefusal.UnknownSession)
            : socket.Protocol == request.Protocol ? (socket, null)
            : (null, SocketRefusal.BadRequest);
    }
}

/// <summary>
/// The origins that may open a socket: <c>Sallyport:AllowedOrigins</c> and this server. Browsers do not enforce CORS for websockets, so
/// the server checks the origin of both polls and websockets.
/// </summary>
internal sealed class SocketOrigins(SallyportOptions options)
{
    public const string Policy = "sockets";

    /// <summary>
    /// Clients of Engine.IO 3 send requests with credentials, so the policy must name the origin and allow credentials
    /// (docs/wire.md §2.3). This is safe, because these endpoints read no cookie.
    /// </summary>
    public static void Build(CorsPolicyBuilder policy, SallyportOptions options) =>
        policy.SetIsOriginAllowed(new SocketOrigins(options).IsAllowed)
            .AllowCredentials()
            .WithMethods("GET", "POST")
            .WithHeaders("content-type", "accept")
            .SetPreflightMaxAge(TimeSpan.FromHours(1));

    /// <summary>Clients other than browsers send no origin and are allowed.</summary>
    public bool IsAllowed(HttpRequest request) =>
        request.Headers.Origin is not { Count: > 0 } origin || IsAllowed(origin.ToString());

    private bool IsAllowed(string origin) =>
        options.AllowedOrigins.Count == 0
        || options.AllowedOrigins.Contains(origin, StringComparer.OrdinalIgnoreCase)
        || origin.Equals(options.PublicUrl, StringComparison.OrdinalIgnoreCase);
}
