using System.Text.Json;
using Sallyport.Protocols.SocketIo;
using Sallyport.Server.Audit;
using Sallyport.Server.Transactions;

namespace Sallyport.Server.Realtime;

/// <summary>
/// Handles the only event that clients send, <c>authenticate</c>. The subscription is registered before the state of the transaction
/// is read, so that no change in between is lost. <see cref="SocketNotifier"/> sends the answer.
/// </summary>
internal sealed class SocketAuthenticator(TransactionTokens tokens, SubscriptionIndex index, ChangeDispatcher dispatcher)
{
    private const string Authenticate = "authenticate";

    public async ValueTask HandleEventsAsync(ClientSocket socket)
    {
        while (socket.TryTakeEvent(out var input))
        {
            if (input.Name == Authenticate)
            {
                await AuthenticateAsync(socket, input);
            }
        }
    }

    private async ValueTask AuthenticateAsync(ClientSocket socket, SocketInput input)
    {
        var token = input.Arguments is [{ ValueKind: JsonValueKind.Object } argument, ..]
            && argument.TryGetProperty("token"u8, out var value)
            && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
        if (await tokens.ValidateAsync(CallContext.ServedTenant, token) is not { } identity)
        {
            socket.RejectToken(input.Namespace);
            return;
        }

        var subscription = new Subscription(socket, input.Namespace, identity);
        if (socket.Call((session, _) => TryAdd(session, subscription)))
        {
            dispatcher.Refresh([subscription], RefreshReason.Authentication);
        }
    }

    private bool TryAdd(SocketSession session, Subscription subscription)
    {
        var others = subscription.Socket.Subscriptions;
        if (session.State != SocketSessionState.Open
            || others.Exists(other => other.Namespace == subscription.Namespace && !other.IsLeft))
        {
            return false;
        }

        foreach (var left in others.FindAll(other => other.IsLeft))
        {
            index.Remove(left);
            others.Remove(left);
        }

        others.Add(subscription);
        index.Add(subscription);
        return true;
    }
}
