using System.Collections.Concurrent;
using System.Diagnostics;
using Sallyport.Bench.Http;

namespace Sallyport.Bench.Scenarios;

/// <summary>What every client of a run repeats.</summary>
internal interface IOperation
{
    /// <returns>False when the prepared input is used up.</returns>
    /// <exception cref="WrongAnswerException">The server answered wrongly.</exception>
    bool TryRun(HttpConnection connection, Recorder recorder, long started);
}

/// <summary>An operation on Sallyport. Its input is prepared before the measurement.</summary>
internal abstract class Scenario(ManagementApi management, Load load) : IOperation
{
    private readonly ConcurrentQueue<string> prepared = new();
    private int made;

    public static IReadOnlyList<string> Names { get; } = ["ticket", "enrollment", "start-confirm", "sign-in", .. FindUsersScenario.Names];

    protected ManagementApi Management => management;

    protected Load Load => load;

    public static Scenario? Find(string name, ManagementApi management, Load load) => name switch
    {
        "ticket" => new TicketScenario(management, load),
        "enrollment" => new EnrollmentScenario(management, load),
        "start-confirm" => new StartConfirmScenario(management, load),
        "sign-in" => new SignInScenario(management, load),
        _ => FindUsersScenario.Names.Contains(name) ? new FindUsersScenario(name, management, load) : null,
    };

    public abstract void Prepare(Target target);

    public abstract bool TryRun(HttpConnection connection, Recorder recorder, long started);

    /// <summary>
    /// Prepares items with the same number of clients as the run. Preparing an item is cheaper than the operation, so the items
    /// prepared in the time of the run, or in a share of it, last until its end.
    /// </summary>
    protected void PrepareMany(Target target, double shareOfRun, Func<HttpConnection, string> make)
    {
        var time = Window.After(TimeSpan.Zero, Load.Total * shareOfRun);
        Prepare(target, () => !time.IsOver, make);
    }

    protected void PrepareSome(Target target, int count, Func<HttpConnection, string> make) =>
        Prepare(target, () => Interlocked.Increment(ref made) <= count, make);

    protected bool TryTake(out string item) => prepared.TryDequeue(out item!);

    protected string NewUser(HttpConnection connection) =>
        Management.CreateUserWithoutAddress(connection, $"bench-{Stopwatch.GetTimestamp():x}-{Environment.CurrentManagedThreadId:x}");

    private void Prepare(Target target, Func<bool> goesOn, Func<HttpConnection, string> make)
    {
        void Work()
        {
            using var connection = new HttpConnection(target.Url);
            while (goesOn())
            {
                prepared.Enqueue(make(connection));
            }
        }

        var threads = Enumerable.Range(0, Load.Clients).Select(_ => new Thread(Work)).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
    }
}
