using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Sockets;
using Sallyport.Bench.Http;

namespace Sallyport.Bench.Sockets;

/// <summary>
/// An open loop: at every tick a user enters the right code, whether or not the previous tick is finished, and one of the open sockets
/// must receive the event. A socket that received its event is replaced by a new one.
/// </summary>
internal sealed class EventRun(Target target, ConcurrentQueue<Flow> flows)
{
    public const int EventsPerSecond = 200;
    public const int Sockets = 1000;

    private const int Threads = 16;
    private const int StackSize = 256 * 1024;

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    private readonly ConcurrentQueue<(EngineSocket Socket, Flow Flow)> open = new();
    private readonly ConcurrentBag<Task> events = [];
    private readonly ConcurrentBag<(long SentAt, long AnsweredAt, long ReceivedAt)> received = [];
    private readonly ConcurrentBag<string> errors = [];
    private int sent = -1;

    public async Task OpenAllAsync() =>
        await Parallel.ForAsync(0, Sockets, new ParallelOptions { MaxDegreeOfParallelism = Threads }, async (_, _) => await OpenAsync());

    /// <summary>Runs until the window is over and every event was received.</summary>
    public Recorder Run(Window window)
    {
        var start = Stopwatch.GetTimestamp();
        var threads = Enumerable.Range(0, Threads).Select(_ => new Thread(() => Send(start, window), StackSize)).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        Task.WaitAll([.. events]);

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
        if (flows.TryDequeue(out var flow))
        {
            open.Enqueue((await EngineSocket.OpenAsync(target.Url, flow.Token), flow));
        }
    }

    private void Send(long start, Window window)
    {
        using var connection = new HttpConnection(target.Url);
        while (!window.IsOver)
        {
            var due = start + (Interlocked.Increment(ref sent) * Stopwatch.Frequency / EventsPerSecond);
            var wait = due - Stopwatch.GetTimestamp();
            if (wait > 0)
            {
                Thread.Sleep(TimeSpan.FromSeconds((double)wait / Stopwatch.Frequency));
            }

            if (!open.TryDequeue(out var next))
            {
                errors.Add("No open socket is left to receive an event");
                return;
            }

            Send(connection, next.Socket, next.Flow);
        }
    }

    private void Send(HttpConnection connection, EngineSocket socket, Flow flow)
    {
        try
        {
            var sentAt = Stopwatch.GetTimestamp();
            GuardianApi.Verify(connection, flow);
            events.Add(ReceiveAsync(socket, sentAt, Stopwatch.GetTimestamp()));
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
