using Sallyport.Protocols.SocketIo;
using Sallyport.Server.Http;

namespace Sallyport.Server.Realtime;

/// <summary>
/// Where the clients of socket.io connect (guardian-wire 2.2). Routing ignores the slash at the end that they all send. No token is
/// asked for here: a client says who it is inside, and may do nothing else before.
/// </summary>
internal static class SocketEndpoints
{
    private static readonly string[] Paths = ["/socket.io", "/appliance-mfa/socket.io"];

    public static void MapSockets(this IEndpointRouteBuilder routes)
    {
        // Not among the durations of requests: a websocket lasts for minutes.
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

        if (!Fits(context, request))
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

    /// <summary>Whether the request is of the kind that its query says.</summary>
    private static bool Fits(HttpContext context, SocketRequest request) =>
        context.WebSockets.IsWebSocketRequest == (request.Transport == SocketTransport.WebSocket);

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
