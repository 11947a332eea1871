using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Sockets;
using Sallyport.Bench.Http;

namespace Sallyport.Bench.Sockets;

/// <summary>An open socket that waits for an event.</summary>
/// <param name="Cause">The request that causes the event.</param>
internal sealed record OpenSocket(EngineSocket Socket, Action<HttpConnection> Cause);

/// <summary>How many sockets are open, and how many of them get their event in a second.</summary>
internal sealed record EventLoad(int Sockets, int EventsPerSecond)
{
    /// <returns>How many sockets a run opens.</returns>
    public int CountFor(Load load) => Sockets + (int)(EventsPerSecond * load.Total.TotalSeconds);
}

/// <summary>
/// An open loop: every tick causes an event, whether or not the previous tick is finished, and one of the open sockets must receive it. A
/// socket that received its event is replaced by a new one.
/// </summary>
/// <param name="open">Opens a socket; null if all that was prepared is used up.</param>
internal sealed class EventRun(Target target, EventLoad events, Func<Task<OpenSocket?>> open)
{
    private const int Threads = 16;
    private const int StackSize = 256 * 1024;

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    private readonly ConcurrentQueue<OpenSocket> waiting = new();
    private readonly ConcurrentBag<Task> tasks = [];
    private readonly ConcurrentBag<(long SentAt, long AnsweredAt, long ReceivedAt)> received = [];
    private readonly ConcurrentBag<string> errors = [];
    private int sent = -1;

    /// <summary>Opens the sockets, and causes events until the time is over and all of them were received.</summary>
    public Measured Measure(Load load)
    {
        using var server = Process.GetProcessById(target.ProcessId);
        using var driver = Process.GetCurrentProcess();
        Parallel.ForAsync(0, events.Sockets, new ParallelOptions { MaxDegreeOfParallelism = Threads }, async (_, _) => await OpenAsync())
            .GetAwaiter().GetResult();
        server.Refresh();
        driver.Refresh();
        var window = Window.After(Load.WarmUp, load.Counted);
        var (serverBefore, driverBefore) = (server.TotalProcessorTime, driver.TotalProcessorTime);
        var recorder = Run(window);
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

    private Recorder Run(Window window)
    {
        var start = Stopwatch.GetTimestamp();
        var threads = Enumerable.Range(0, Threads).Select(_ => new Thread(() => Send(start, window), StackSize)).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        Task.WaitAll([.. tasks]);

        var recorder = new Recorder(window);
        foreach (var (sentAt, answeredAt, receivedAt) in received.Where(one => window.Counts(one.SentAt)))
        {
            recorder.Add(sentAt, answeredAt, receivedAt);
        }

        errors.ToList().ForEach(recorder.Error);
        return recorder;
    }

    private async Task OpenAsync()
    {
        if (await open() is { } socket)
        {
            waiting.Enqueue(socket);
        }
    }

    private void Send(long start, Window window)
    {
        using var connection = new HttpConnection(target.Url);
        while (!window.IsOver)
        {
            var due = start + (Interlocked.Increment(ref sent) * Stopwatch.Frequency / events.EventsPerSecond);
            var wait = due - Stopwatch.GetTimestamp();
            if (wait > 0)
            {
                Thread.Sleep(TimeSpan.FromSeconds((double)wait / Stopwatch.Frequency));
            }

            if (!waiting.TryDequeue(out var next))
            {
                errors.Add("No open socket is left to receive an event");
                return;
            }

            Send(connection, next);
        }
    }

    private void Send(HttpConnection connection, OpenSocket next)
    {
        try
        {
            var sentAt = Stopwatch.GetTimestamp();
            next.Cause(connection);
            tasks.Add(ReceiveAsync(next.Socket, sentAt, Stopwatch.GetTimestamp()));
        }
        catch (Exception exception) when (exception is SocketException or IOException or WrongAnswerException)
        {
            errors.Add(exception.Message);
        }
    }

    private async Task ReceiveAsync(EngineSocket socket, long sentAt, long answeredAt)
    {
        try
        {
            var receivedAt = await socket.ReceivedAt.WaitAsync(Timeout, TimeProvider.System);
            received.Add((sentAt, answeredAt, receivedAt));
            socket.Dispose();
            await OpenAsync();
        }
        catch (Exception exception) when (exception is IOException or SocketException or TimeoutException or WrongAnswerException)
        {
            errors.Add(exception.Message);
        }
    }
}
