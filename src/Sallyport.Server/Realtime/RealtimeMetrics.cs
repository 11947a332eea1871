using System.Diagnostics.Metrics;
using Sallyport.Protocols.SocketIo;

namespace Sallyport.Server.Realtime;

internal sealed class RealtimeMetrics
{
    public const string MeterName = "Sallyport.Realtime";

    private readonly UpDownCounter<long> open;
    private readonly Counter<long> opened;
    private readonly Counter<long> closed;
    private readonly Counter<long> refused;
    private readonly Counter<long> events;

    public RealtimeMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        open = meter.CreateUpDownCounter<long>("sallyport.sockets.open", description: "Open sockets on this node");
        opened = meter.CreateCounter<long>("sallyport.sockets.opened", description: "Opened sockets by first transport");
        closed = meter.CreateCounter<long>("sallyport.sockets.closed", description: "Closed sockets by reason");
        refused = meter.CreateCounter<long>("sallyport.sockets.refused", description: "Sockets refused by a limit");
        events = meter.CreateCounter<long>("sallyport.socket.events", description: "Sent events by what triggered the read");
    }

    public void Opened(SocketTransport transport)
    {
        open.Add(1);
        opened.Add(1, new KeyValuePair<string, object?>("transport", transport));
    }

    public void Closed(SocketCloseReason? reason)
    {
        open.Add(-1);
        closed.Add(1, new KeyValuePair<string, object?>("reason", reason));
    }

    public void Refused(ConnectionOutcome outcome) => refused.Add(1, new KeyValuePair<string, object?>("reason", outcome));

    /// <summary>Events with <see cref="RefreshReason.Periodic"/> are those whose notification was lost or never sent.</summary>
    public void Sent(string name, RefreshReason reason) =>
        events.Add(1, new KeyValuePair<string, object?>("event", name), new KeyValuePair<string, object?>("found_by", reason));
}
