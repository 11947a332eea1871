using Microsoft.Extensions.Logging.Abstractions;
using Sallyport.Server.BackgroundWork;

namespace Sallyport.Server.Tests.BackgroundWork;

public sealed class BackgroundWorkerTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly WorkerSchedule Rarely = new(TimeSpan.FromHours(1));

    [Fact]
    public async Task A_worker_runs_at_start_and_again_when_it_is_woken()
    {
        using var worker = new CountingWorker(Rarely);
        await worker.StartAsync(CancellationToken.None);
        await worker.WaitForRunsAsync(1);

        worker.Wake();

        await worker.WaitForRunsAsync(2);
        await worker.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task A_worker_runs_again_after_its_interval()
    {
        using var worker = new CountingWorker(new WorkerSchedule(TimeSpan.FromMilliseconds(5)) { RunsAtStart = false });
        await worker.StartAsync(CancellationToken.None);

        await worker.WaitForRunsAsync(3);

        await worker.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task A_failed_run_is_repeated_after_the_pause_for_failures()
    {
        using var worker = new CountingWorker(Rarely with { PauseAfterFailure = TimeSpan.FromMilliseconds(5) }) { FailingRuns = 2 };
        await worker.StartAsync(CancellationToken.None);

        await worker.WaitForRunsAsync(3);

        await worker.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task Waking_a_worker_does_not_shorten_its_pause_after_a_failure()
    {
        using var worker = new CountingWorker(Rarely with { PauseAfterFailure = TimeSpan.FromHours(1) }) { FailingRuns = 1 };
        await worker.StartAsync(CancellationToken.None);
        await worker.WaitForRunsAsync(1);

        worker.Wake();
        await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, TestContext.Current.CancellationToken);

        worker.Runs.ShouldBe(1);
        await worker.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task A_run_that_has_left_work_behind_is_followed_by_another_at_once()
    {
        using var worker = new CountingWorker(Rarely) { RunsWithMoreToDo = 4 };
        await worker.StartAsync(CancellationToken.None);

        await worker.WaitForRunsAsync(5);

        await worker.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task A_disabled_worker_never_runs()
    {
        using var worker = new CountingWorker(Rarely with { IsDisabled = true });
        await worker.StartAsync(CancellationToken.None);
        worker.Wake();

        await worker.ExecuteTask!.WaitAsync(Patience, TimeProvider.System, TestContext.Current.CancellationToken);

        worker.Runs.ShouldBe(0);
    }

    private sealed class CountingWorker(WorkerSchedule schedule) : BackgroundWorker(schedule, TimeProvider.System, NullLogger.Instance)
    {
        private readonly SemaphoreSlim ran = new(0);
        private int runs;

        public int FailingRuns { get; init; }

        public int RunsWithMoreToDo { get; init; }

        public int Runs => runs;

        public async Task WaitForRunsAsync(int count)
        {
            while (runs < count)
            {
                (await ran.WaitAsync(Patience, TestContext.Current.CancellationToken)).ShouldBeTrue($"The worker ran {runs} times instead of {count}.");
            }
        }

        public override void Dispose()
        {
            ran.Dispose();
            base.Dispose();
        }

        protected override Task<bool> RunAsync(CancellationToken cancellationToken)
        {
            var run = Interlocked.Increment(ref runs);
            ran.Release();
            return run <= FailingRuns ? throw new InvalidOperationException("A run that fails.") : Task.FromResult(run <= RunsWithMoreToDo);
        }
    }
}
