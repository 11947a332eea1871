using Sallyport.Server.Realtime;

namespace Sallyport.Server.Tests.Realtime;

public sealed class MessageBudgetTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_burst_of_messages_is_allowed_and_then_a_few_a_second()
    {
        var budget = new MessageBudget();

        Take(ref budget, Start, 100).ShouldBe(60);
        Take(ref budget, Start + TimeSpan.FromMilliseconds(99), 100).ShouldBe(0);
        Take(ref budget, Start + TimeSpan.FromSeconds(1), 100).ShouldBe(10);
        Take(ref budget, Start + TimeSpan.FromHours(1), 100).ShouldBe(60);
    }

    [Fact]
    public void Heartbeats_never_exhaust_the_budget()
    {
        var budget = new MessageBudget();

        for (var i = 0; i < 1000; i++)
        {
            budget.TryTake(Start + TimeSpan.FromSeconds(25 * i)).ShouldBeTrue();
        }
    }

    private static int Take(ref MessageBudget budget, DateTimeOffset now, int times)
    {
        var taken = 0;
        for (var i = 0; i < times; i++)
        {
            taken += budget.TryTake(now) ? 1 : 0;
        }

        return taken;
    }
}
