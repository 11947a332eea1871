using System.Collections.Concurrent;
using Sallyport.Server.Audit;

namespace Sallyport.Server.Tests.Audit;

/// <summary>An id that comes twice would make the unit of work fail that writes it.</summary>
public sealed class LogIdTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Nodes_that_write_in_the_same_millisecond_write_different_ids()
    {
        var ids = new ConcurrentBag<string>();

        Parallel.For(0, 16, _ =>
        {
            // Each with a counter that starts anew, as after a restart.
            var node = new LogIds();
            for (var i = 0; i < 1000; i++)
            {
                ids.Add(node.Next(Noon));
            }
        });

        ids.Distinct().Count().ShouldBe(16_000);
    }

    [Fact]
    public void One_node_writes_different_ids_from_many_threads_also_when_its_clock_is_set_back()
    {
        var node = new LogIds();
        var ids = new ConcurrentBag<string>();

        Parallel.For(0, 16, _ =>
        {
            for (var i = 0; i < 1000; i++)
            {
                ids.Add(node.Next(Noon - TimeSpan.FromMilliseconds(i % 3)));
            }
        });

        ids.Distinct().Count().ShouldBe(16_000);
    }

    [Fact]
    public void The_order_of_ids_is_the_order_of_time_and_within_a_millisecond_that_of_the_node()
    {
        var node = new LogIds();
        var ids = Enumerable.Range(0, 100).Select(i => node.Next(Noon.AddMilliseconds(i / 30))).ToList();

        ids.ShouldBe(ids.Order(StringComparer.Ordinal));
        ids.ShouldAllBe(id => id.Length == 56 && id.All(char.IsAsciiDigit) && id.StartsWith("90020260301120000"));
    }
}
