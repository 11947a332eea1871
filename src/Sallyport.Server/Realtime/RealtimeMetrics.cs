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
        open = meter.CreateUpDownCounter<long>("sallyport.sockets.open", description: "Sockets of this node");
        opened = meter.CreateCounter<long>("sallyport.sockets.opened", description: "Sockets by the transport that they began with");
        closed = meter.CreateCounter<long>("sallyport.sockets.closed", description: "Sockets by the reason of their end");
        refused = meter.CreateCounter<long>("sallyport.sockets.refused", description: "Sockets that a limit kept out");
        events = meter.CreateCounter<long>("sallyport.socket.events", description: "Events sent, by what made the node look");
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

    public void Refused(AdmissionOutcome outcome) => refused.Add(1, new KeyValuePair<string, object?>("reason", outcome));

    /// <summary>Events of <see cref="RefreshReason.Round"/> are those that a notice should have brought, and did not.</summary>
    public void Sent(string name, RefreshReason reason) =>
        events.Add(1, new KeyValuePair<string, object?>("event", name), new KeyValuePair<string, object?>("found_by", reason));
}
