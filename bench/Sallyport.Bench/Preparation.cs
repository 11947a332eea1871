using Sallyport.Bench.Http;

namespace Sallyport.Bench;

/// <summary>Work before a measurement, on as many connections as the run has clients.</summary>
internal static class Preparation
{
    public static void RunWhile(Func<bool> condition, Target target, int clients, Action<HttpConnection> work)
    {
        void Work()
        {
            using var connection = new HttpConnection(target.Url);
            while (condition())
            {
                work(connection);
            }
        }

        var threads = Enumerable.Range(0, clients).Select(_ => new Thread(Work)).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
    }

    public static void Run(int times, Target target, int clients, Action<HttpConnection> work)
    {
        var started = 0;
        RunWhile(() => Interlocked.Increment(ref started) <= times, target, clients, work);
    }
}
