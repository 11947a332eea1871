using System.Collections.Concurrent;
using Sallyport.Bench.Http;
using Sallyport.Bench.Providers;

namespace Sallyport.Bench.Sockets;

/// <summary>
/// Measures the time from the acceptance of a sign-in on the phone to the event in the browser. Every open socket belongs to a sign-in whose push message
/// has reached the phone through FCM.
/// </summary>
internal sealed class PushRun(ManagementApi management, Target target, Load load) : IEventScenario
{
    public const string Name = "push";

    private const string Factor = "push-notification";

    private readonly ConcurrentQueue<(string Token, string Phone)> signIns = new();
    private readonly ConcurrentBag<HttpConnection> connections = [];
    private readonly Inbox<PushMessage> messages = new();
    private readonly PhoneKey key = new();
    private int phones;

    /// <summary>So a person takes five seconds to accept.</summary>
    public EventLoad Events { get; } = new(Sockets: 500, EventsPerSecond: 100);

    public Measured Run()
    {
        using var fcm = new FakeFcm(target.ProviderPort, messages.Add);
        var clientId = SwitchOn();
        Preparation.Run(Events.CountFor(load), target, load.Clients, preparing => StartSignIn(preparing, clientId));
        var measured = new EventRun(target, Events, OpenAsync).Measure(load);
        SwitchOff();
        return measured;
    }

    /// <returns>The id of a client.</returns>
    private string SwitchOn()
    {
        using var connection = new HttpConnection(target.Url);
        management.UseFcm(connection, key.Pem);
        management.SetFactor(connection, Factor, isEnabled: true);
        return management.CreateClient(connection);
    }

    private void SwitchOff()
    {
        using var connection = new HttpConnection(target.Url);
        management.SetFactor(connection, Factor, isEnabled: false);
    }

    /// <summary>The phone is enrolled with a ticket before.</summary>
    private void StartSignIn(HttpConnection connection, string clientId)
    {
        var (user, phone) = (management.CreateUserWithoutAddress(connection), $"bench-phone-{Interlocked.Increment(ref phones)}");
        GuardianApi.EnrollPhone(connection, management.CreateTicket(connection, user), key.Registration(phone));
        var flow = GuardianApi.StartSignIn(connection, management.CreateSignIn(connection, user, clientId), "socket");
        signIns.Enqueue((flow.Token, phone));
    }

    private async Task<OpenSocket?> OpenAsync()
    {
        if (!signIns.TryDequeue(out var signIn))
        {
            return null;
        }

        var socket = await EngineSocket.OpenAsync(target.Url, signIn.Token);
        await Task.Run(() => Send(signIn.Token));
        var message = await messages.TakeAsync(signIn.Phone);
        // Before the clock starts: a phone signs with its own processor.
        var response = key.Accept(signIn.Phone, message.Nonce, new Uri(new Uri(target.Audience), "/appliance-mfa/api/resolve-transaction"));
        return new OpenSocket(socket, connection => GuardianApi.Resolve(connection, message.AnswerToken, response));
    }

    private void Send(string token)
    {
        if (!connections.TryTake(out var connection))
        {
            connection = new HttpConnection(target.Url);
        }

        GuardianApi.Send(connection, token, Factor);
        connections.Add(connection);
    }
}
