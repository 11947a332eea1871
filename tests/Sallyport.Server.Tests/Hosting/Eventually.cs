using System.Diagnostics;

namespace Sallyport.Server.Tests.Hosting;

/// <summary>Waits for background work: repeats a query until its result is as expected, and fails at a deadline.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    public static async Task<T> GetAsync<T>(Func<Task<T>> ask, Func<T, bool> holds)
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            var answer = await ask();
            if (holds(answer))
            {
                return answer;
            }

            if (watch.Elapsed > Deadline)
            {
                Assert.Fail($"Not within {Deadline.TotalSeconds} s; last seen: {answer}");
            }

            await Task.Delay(Pause, TimeProvider.System);
        }
    }
}
