using System.Collections.Concurrent;
using Sallyport.Server.Audit;

namespace Sallyport.Server.Tests.Audit;

/// <summary>Log ids are unique: a duplicate would fail the unit of work that writes it.</summary>
public sealed class LogIdTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Nodes_that_write_in_the_same_millisecond_write_different_ids()
    {
        var ids = new ConcurrentBag<string>();

        Parallel.For(0, 16, _ =>
        {
            // Each node starts with a new counter, as after a restart.
            var node = new LogIds();
            for (var i = 0; i < 1000; i++)
            {
                ids.Add(node.Next(Noon));
            }
        });

        ids.Distinct().Count().ShouldBe(16_000);
    }

    [Fact]
    public void Threads_of_one_node_write_different_ids_even_when_the_clock_is_set_back()
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
    public void Ids_sort_by_time_and_within_a_millisecond_by_their_creation()
    {
        var node = new LogIds();
        var ids = Enumerable.Range(0, 100).Select(i => node.Next(Noon.AddMilliseconds(i / 30))).ToList();

        ids.ShouldBe(ids.Order(StringComparer.Ordinal));
        ids.ShouldAllBe(id => id.Length == 56 && id.All(char.IsAsciiDigit) && id.StartsWith("90020260301120000"));
    }
}
