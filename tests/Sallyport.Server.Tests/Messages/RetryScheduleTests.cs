using Sallyport.Server.Messages;

namespace Sallyport.Server.Tests.Messages;

public sealed class RetryScheduleTests
{
    [Theory]
    [InlineData(1, 5)]
    [InlineData(2, 10)]
    [InlineData(3, 20)]
    [InlineData(10, 2560)]
    [InlineData(11, 3600)]
    [InlineData(16, 3600)]
    [InlineData(1_000_000, 3600)]
    public void A_pause_doubles_up_to_an_hour_and_jitter_takes_off_up_to_half(long attempts, int seconds)
    {
        RetrySchedule.PauseAfter(attempts, jitter: 0).ShouldBe(TimeSpan.FromSeconds(seconds));
        RetrySchedule.PauseAfter(attempts, jitter: 1).ShouldBe(TimeSpan.FromSeconds(seconds / 2d));
    }

    [Fact]
    public void Messages_that_failed_together_are_not_tried_together() =>
        Enumerable.Range(0, 100).Select(_ => RetrySchedule.NextPause(10, TimeSpan.Zero)).Distinct().Count().ShouldBeGreaterThan(50);

    [Fact]
    public void All_attempts_take_between_three_and_seven_hours()
    {
        var longest = Enumerable.Range(1, RetrySchedule.MaxAttempts - 1).Sum(attempt => RetrySchedule.PauseAfter(attempt, jitter: 0).TotalHours);

        longest.ShouldBeInRange(6, 7);
    }

    [Fact]
    public void A_pause_that_the_provider_asks_for_is_kept_up_to_an_hour()
    {
        RetrySchedule.NextPause(1, TimeSpan.FromMinutes(3)).ShouldBe(TimeSpan.FromMinutes(3));
        RetrySchedule.NextPause(1, TimeSpan.FromDays(300)).ShouldBe(TimeSpan.FromHours(1));
        RetrySchedule.NextPause(10, TimeSpan.FromSeconds(1)).ShouldBeGreaterThan(TimeSpan.FromMinutes(10));
    }
}
