using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Sockets;
using Sallyport.Bench.Http;

namespace Sallyport.Bench.Sockets;

/// <summary>
/// An open loop: at every tick a person gives the right code, whatever became of the one before, and one of the open sockets has
/// to hear of it. Each that has heard is replaced by another.
/// </summary>
internal sealed class EventRun(Target target, ConcurrentQueue<Flow> flows)
{
    public const int EventsPerSecond = 200;
    public const int Sockets = 1000;

    private const int Threads = 16;
    private const int StackSize = 256 * 1024;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly ConcurrentQueue<(EngineSocket Socket, Flow Flow)> open = new();
    private readonly ConcurrentBag<Task> events = [];
    private readonly ConcurrentBag<(long SentAt, long AnsweredAt, long ToldAt)> heard = [];
    private readonly ConcurrentBag<string> faults = [];
    private int sent = -1;

    public async Task OpenAllAsync() =>
        await Parallel.ForAsync(0, Sockets, new ParallelOptions { MaxDegreeOfParallelism = Threads }, async (_, _) => await OpenAsync());

    /// <summary>Until the window is over and all that was sent is heard.</summary>
    public Recorder Run(Window window)
    {
        var start = Stopwatch.GetTimestamp();
        var threads = Enumerable.Range(0, Threads).Select(_ => new Thread(() => Send(start, window), StackSize)).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        Task.WaitAll([.. events]);

        var recorder = new Recorder(window);
        foreach (var (sentAt, answeredAt, toldAt) in heard.Where(one => window.Counts(one.SentAt)))
        {
            recorder.Add(sentAt, answeredAt, toldAt);
        }

        faults.ToList().ForEach(recorder.Error);
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

            if (!open.TryDequeue(out var listening))
            {
                faults.Add("No socket is left to hear of an event");
                return;
            }

            Send(connection, listening.Socket, listening.Flow);
        }
    }

    private void Send(HttpConnection connection, EngineSocket socket, Flow flow)
    {
        try
        {
            var sentAt = Stopwatch.GetTimestamp();
            GuardianApi.Confirm(connection, flow);
            events.Add(HearAsync(socket, sentAt, Stopwatch.GetTimestamp()));
        }
        catch (Exception exception) when (exception is SocketException or IOException or WrongAnswerException)
        {
            faults.Add(exception.Message);
        }
    }

    private async Task HearAsync(EngineSocket socket, long sentAt, long answeredAt)
    {
        try
        {
            var toldAt = await socket.Told.WaitAsync(Patience, TimeProvider.System);
            heard.Add((sentAt, answeredAt, toldAt));
            socket.Dispose();
            await OpenAsync();
        }
        catch (Exception exception) when (exception is IOException or SocketException or TimeoutException or WrongAnswerException)
        {
            faults.Add(exception.Message);
        }
    }
}
