using System.Collections.Concurrent;
using System.Diagnostics;

namespace Sallyport.Bench.Sockets;

/// <summary>Measures the memory of idle sockets and the latency of events.</summary>
internal sealed class SocketsRun(ManagementApi management, Target target, Load load)
{
    public const string Name = "sockets";

    private const int IdleFlows = 50;

    /// <summary>The server's memory per idle socket in kilobytes; set by the run.</summary>
    public double IdleKilobytes { get; private set; }

    public Measured Run()
    {
        var flows = new ConcurrentQueue<Flow>();
        var needed = (int)(EventRun.EventsPerSecond * load.Total.TotalSeconds) + EventRun.Sockets + IdleFlows;
        new FlowPreparation(management, load).Prepare(target, needed, flows);
        var idle = Enumerable.Range(0, IdleFlows).Select(_ => flows.TryDequeue(out var flow) ? flow.Token : "").ToList();
        IdleKilobytes = IdleSockets.MeasureAsync(target, idle).GetAwaiter().GetResult();

        using var server = Process.GetProcessById(target.ProcessId);
        using var driver = Process.GetCurrentProcess();
        var run = new EventRun(target, flows);
        run.OpenAllAsync().GetAwaiter().GetResult();
        var window = Window.After(Load.WarmUp, load.Counted);
        var (serverBefore, driverBefore) = (server.TotalProcessorTime, driver.TotalProcessorTime);
        var recorder = run.Run(window);
        server.Refresh();
        driver.Refresh();
        // Measured over the whole run with its warm-up; only the measured share is reported.
        var share = load.Counted / load.Total;
        return new Measured(recorder, window.Length)
        {
            ServerTime = (server.TotalProcessorTime - serverBefore) * share,
            DriverTime = (driver.TotalProcessorTime - driverBefore) * share,
        };
    }
}
