using System.Diagnostics;
using System.Security.Cryptography;

namespace Sallyport.Bench.Limit;

/// <summary>
/// Runs the server's statements on one connection, with one operation per client in each transaction and a savepoint per operation,
/// as the server's writer thread does when every client waits for it.
/// </summary>
internal sealed class SqliteLimit(LimitDatabase database, string folder, Load load)
{
    private const int TicketUsers = 1000;
    private const string NewUser = "insert-user";

    /// <summary>The start of this run's own range of ids.</summary>
    private readonly long first = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() * 1_000_000;

    public double Measure(string scenario) => scenario switch
    {
        "ticket" => Measure(["create-ticket"], prepare: [], TicketUsers),
        "enrollment" => Measure(["create-ticket", "start-flow", "verify-code"], prepare: [NewUser], users: null),
        "start-confirm" => Measure(["start-flow", "verify-code"], prepare: [NewUser, "create-ticket"], users: null),
        "sign-in" => Measure(["start-sign-in", "find-sign-in+accept-app-code", "fetch-result"], prepare: [NewUser, "insert-app", "insert-sign-in"], users: null),
        "sms-code" => Measure(["find-sign-in+accept-sms-code"], prepare: [NewUser, "insert-sign-in", "insert-sent-code"], users: null),
        _ => throw new ArgumentException($"There is no limit for {scenario}"),
    };

    /// <param name="prepare">What is run for every operation before it, and not measured.</param>
    /// <param name="users">The number of users to choose from; null when every operation has its own user.</param>
    private double Measure(IReadOnlyList<string> requests, IReadOnlyList<string> prepare, int? users)
    {
        var scripts = requests.Select(Read).ToList();
        var preparation = prepare.Select(Read).ToList();
        using var newUser = Read(NewUser);
        var shared = Enumerable.Range(0, users ?? 0).Select(i => first + i).ToList();
        RunInOneTransaction(shared.Select(user => new LimitValues(user, user)).ToList(), newUser);

        var (operations, spent) = (0L, TimeSpan.Zero);
        while (spent < load.Counted)
        {
            var group = Group(operations, shared);
            preparation.ForEach(script => RunInOneTransaction(group, script));
            var started = Stopwatch.GetTimestamp();
            scripts.ForEach(script => RunInOneTransaction(group, script));
            spent += Stopwatch.GetElapsedTime(started);
            operations += group.Count;
        }

        scripts.ForEach(script => script.Dispose());
        preparation.ForEach(script => script.Dispose());
        return operations / spent.TotalSeconds;
    }

    /// <param name="request">The names of its files, with a plus sign between them.</param>
    private LimitScript Read(string request) =>
        LimitScript.Read(database, [.. request.Split('+').Select(name => Path.Combine(folder, name + ".sqlite.sql"))]);

    private List<LimitValues> Group(long operations, List<long> shared)
    {
        var group = new List<LimitValues>(load.Clients);
        for (var i = 0; i < load.Clients; i++)
        {
            var operation = first + TicketUsers + operations + i;
            group.Add(new LimitValues(shared.Count > 0 ? shared[RandomNumberGenerator.GetInt32(shared.Count)] : operation, operation));
        }

        return group;
    }

    private void RunInOneTransaction(List<LimitValues> group, LimitScript script)
    {
        database.Execute("BEGIN IMMEDIATE");
        foreach (var values in group)
        {
            database.Execute("SAVEPOINT unit");
            script.Run(values);
            database.Execute("RELEASE unit");
        }

        database.Execute("COMMIT");
    }
}
