using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Sallyport.Server.Realtime;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Realtime;

/// <summary>Collects the metrics of one server. The metrics page shows those of all servers in the process.</summary>
internal sealed class SocketMeter : IDisposable
{
    private readonly ConcurrentDictionary<string, long> sums = new(StringComparer.Ordinal);
    private readonly MeterListener listener = new();

    public SocketMeter(TestServer server)
    {
        var factory = server.Services.GetRequiredService<IMeterFactory>();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter.Name == RealtimeMetrics.MeterName && ReferenceEquals(instrument.Meter.Scope, factory))
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            var key = instrument.Name + string.Concat(tags.ToArray().Select(tag => $" {tag.Value}"));
            sums.AddOrUpdate(key, value, (_, sum) => sum + value);
        });
        listener.Start();
    }

    /// <param name="name">The name of the instrument and the values of its tags, separated by spaces.</param>
    public long this[string name] => sums.GetValueOrDefault(name);

    /// <summary>The triggers of the reads that found <c>login:complete</c>.</summary>
    public IEnumerable<string> FoundBy =>
        sums.Keys.Where(key => key.StartsWith("sallyport.socket.events login:complete ", StringComparison.Ordinal)).Select(key => key.Split(' ')[^1]);

    public void Dispose() => listener.Dispose();
}
