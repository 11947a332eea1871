using System.Collections.Concurrent;
using System.Diagnostics;
using Sallyport.Bench.Http;

namespace Sallyport.Bench.Sockets;

/// <summary>Starts enrollments, each for its own user, for clients that listen on a socket.</summary>
internal sealed class FlowPreparation(ManagementApi management, Load load)
{
    private int made;

    public void Prepare(Target target, int count, ConcurrentQueue<Flow> flows)
    {
        void Work()
        {
            using var connection = new HttpConnection(target.Url);
            while (Interlocked.Increment(ref made) <= count)
            {
                var user = management.CreateUser(connection, $"bench-{Stopwatch.GetTimestamp():x}-{Environment.CurrentManagedThreadId:x}");
                flows.Enqueue(GuardianApi.StartFlow(connection, management.CreateTicket(connection, user), "socket"));
            }
        }

        var threads = Enumerable.Range(0, load.Clients).Select(_ => new Thread(Work)).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
    }
}
