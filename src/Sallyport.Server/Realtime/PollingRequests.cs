using System.Buffers;
using System.Text;
using Sallyport.Protocols.SocketIo;

namespace Sallyport.Server.Realtime;

/// <summary>Serves long polling: a GET waits for packets, a POST sends packets.</summary>
internal sealed class PollingRequests(SocketAuthenticator authenticator)
{
    public static async Task GetAsync(HttpContext context, ClientSocket socket)
    {
        var outcome = socket.Call((session, now) => session.Polling.Open(now));
        if (outcome != SocketRequestOutcome.Accepted)
        {
            await Refusal(outcome).ExecuteAsync(context);
            return;
        }

        var signal = new WakeSignal();
        socket.DataAvailable += signal.Set;
        try
        {
            await WriteAsync(context, await WaitForAnswerAsync(socket, signal, context.RequestAborted), "text/plain; charset=UTF-8");
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException)
        {
            socket.Call((session, _) => session.Polling.Abandon());
        }
        finally
        {
            socket.DataAvailable -= signal.Set;
        }
    }

    public async Task PostAsync(HttpContext context, ClientSocket socket)
    {
        // One byte over the limit is enough to refuse the body.
        var limit = SocketRegistry.MaxPayloadBytes + 1;
        var buffer = ArrayPool<byte>.Shared.Rent(limit);
        SocketRequestOutcome outcome;
        try
        {
            var length = await context.Request.Body.ReadAtLeastAsync(
                buffer.AsMemory(0, limit), limit, throwOnEndOfStream: false, context.RequestAborted);
            outcome = socket.Receive((session, now) => (SocketRequestOutcome?)session.Polling.Receive(buffer.AsSpan(0, length), now))
                ?? SocketRequestOutcome.Refused;
        }
        finally
        {
            // The buffer may contain a transaction token.
            ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        }

        await authenticator.HandleEventsAsync(socket);
        await (outcome == SocketRequestOutcome.Accepted
            ? WriteAsync(context, "ok", "text/html")
            : Refusal(outcome).ExecuteAsync(context));
    }

    private static async Task<string> WaitForAnswerAsync(ClientSocket socket, WakeSignal signal, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (socket.Take(session => session.Polling.TakeAnswer()) is { } answer)
            {
                return answer;
            }

            await signal.WaitAsync(cancellationToken);
        }
    }

    private static async Task WriteAsync(HttpContext context, string text, string type)
    {
        var bytes = Encoding.ASCII.GetBytes(text);
        context.Response.ContentType = type;
        context.Response.ContentLength = bytes.Length;
        await context.Response.Body.WriteAsync(bytes, context.RequestAborted);
    }

    private static SocketRefusal Refusal(SocketRequestOutcome outcome) => outcome switch
    {
        SocketRequestOutcome.Accepted or SocketRequestOutcome.Refused => SocketRefusal.BadRequest,
        SocketRequestOutcome.TooLarge => SocketRefusal.TooLarge,
        SocketRequestOutcome.UnknownSession => SocketRefusal.UnknownSession,
    };
}
