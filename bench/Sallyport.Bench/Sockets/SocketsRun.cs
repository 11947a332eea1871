using System.Collections.Concurrent;
using Sallyport.Bench.Http;

namespace Sallyport.Bench.Sockets;

/// <summary>Measures the memory of idle sockets, and the latency of the event after a user has confirmed an enrollment with a code.</summary>
internal sealed class SocketsRun(ManagementApi management, Target target, Load load) : IEventScenario
{
    public const string Name = "sockets";

    private const int IdleFlows = 50;

    private readonly ConcurrentQueue<Flow> flows = new();

    public EventLoad Events { get; } = new(Sockets: 1000, EventsPerSecond: 200);

    public double? IdleKilobytes { get; private set; }

    public Measured Run()
    {
        Preparation.Run(Events.CountFor(load) + IdleFlows, target, load.Clients, Prepare);
        var idle = Enumerable.Range(0, IdleFlows).Select(_ => flows.TryDequeue(out var flow) ? flow.Token : "").ToList();
        IdleKilobytes = IdleSockets.MeasureAsync(target, idle).GetAwaiter().GetResult();
        return new EventRun(target, Events, OpenAsync).Measure(load);
    }

    private void Prepare(HttpConnection connection) => flows.Enqueue(
        GuardianApi.StartFlow(connection, management.CreateTicket(connection, management.CreateUserWithoutAddress(connection)), "socket"));

    private async Task<OpenSocket?> OpenAsync() =>
        flows.TryDequeue(out var flow)
            ? new OpenSocket(await EngineSocket.OpenAsync(target.Url, flow.Token), connection => GuardianApi.Verify(connection, flow))
            : null;
}
