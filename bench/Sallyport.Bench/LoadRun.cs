using System.Diagnostics;
using System.Net.Sockets;
using Sallyport.Bench.Http;
using Sallyport.Bench.Scenarios;

namespace Sallyport.Bench;

/// <summary>
/// A closed loop: every client sends its next request when it has the answer to the previous one. A client is a blocking
/// thread, which costs the shared processor less than an event loop with continuations.
/// </summary>
internal static class LoadRun
{
    private const int StackSize = 256 * 1024;

    public static Measured Run(IOperation operation, Target target, Load load)
    {
        using var server = Process.GetProcessById(target.ProcessId);
        using var driver = Process.GetCurrentProcess();
        var window = Window.After(Load.WarmUp, load.Counted);
        var recorders = Enumerable.Range(0, load.Clients).Select(_ => new Recorder(window)).ToList();
        var threads = recorders.Select(recorder => new Thread(() => Loop(operation, target, window, recorder), StackSize)).ToList();
        threads.ForEach(thread => thread.Start());
        Thread.Sleep(Load.WarmUp);
        var (serverBefore, driverBefore) = (ProcessorTime(server), ProcessorTime(driver));
        threads.ForEach(thread => thread.Join());

        var sum = new Recorder(window);
        recorders.ForEach(sum.Add);
        return new Measured(sum, window.Length)
        {
            ServerTime = ProcessorTime(server) - serverBefore,
            DriverTime = ProcessorTime(driver) - driverBefore,
        };
    }

    private static TimeSpan ProcessorTime(Process process)
    {
        process.Refresh();
        return process.TotalProcessorTime;
    }

    private static void Loop(IOperation operation, Target target, Window window, Recorder recorder)
    {
        while (!window.IsOver)
        {
            try
            {
                using var connection = new HttpConnection(target.Url);
                while (!window.IsOver)
                {
                    var started = Stopwatch.GetTimestamp();
                    if (!operation.TryRun(connection, recorder, started))
                    {
                        window.End();
                    }
                }
            }
            catch (Exception exception) when (exception is SocketException or IOException or WrongAnswerException)
            {
                recorder.Error(exception.Message);
            }
        }
    }
}

/// <param name="Time">Wall-clock time.</param>
internal sealed record Measured(Recorder Recorder, TimeSpan Time)
{
    /// <summary>Processor time. It is comparable even on a machine that is busy with other work.</summary>
    public required TimeSpan ServerTime { get; init; }

    public required TimeSpan DriverTime { get; init; }
}
