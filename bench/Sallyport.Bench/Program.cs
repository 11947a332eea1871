using System.Globalization;
using Sallyport.Bench.Limit;
using Sallyport.Bench.Outbox;
using Sallyport.Bench.Peers;
using Sallyport.Bench.Scenarios;
using Sallyport.Bench.Sockets;

namespace Sallyport.Bench;

internal static class Program
{
    private const string Usage = """
        Sallyport.Bench load SCENARIO --url URL --audience A --server-pid P --client-id I --client-secret S --storage S --clients N
            --seconds N --limit-rate R [--users N] [--json-lines FILE]
        Sallyport.Bench verify NAME --url URL --server-pid P --items FILE --path PATH --body TEMPLATE --mark TEXT
            [--reuse yes] [--result-path PATH --result-mark TEXT] --clients N --seconds N
        Sallyport.Bench fill MAILS --mail-port P --url URL --audience A --server-pid P --client-id I --client-secret S --clients N
        Sallyport.Bench sink MAILS
        Sallyport.Bench sqlite-limit SCENARIO --from FILE --file FILE --sql FOLDER --clients N --seconds N
        """;

    public static int Main(string[] args)
    {
        if (args.Length < 2 || args.Length % 2 != 0)
        {
            return Refuse(Usage);
        }

        var options = new Options(args);
        return args[0] switch
        {
            "load" => Load(args[1], options),
            "verify" => Verify(args[1], options),
            "fill" => Fill(int.Parse(args[1], NumberStyles.None, CultureInfo.InvariantCulture), options),
            "sink" => ReceiveMails(int.Parse(args[1], NumberStyles.None, CultureInfo.InvariantCulture)),
            "sqlite-limit" => MeasureSqliteLimit(args[1], options),
            _ => Refuse(Usage),
        };
    }

    private static int Load(string name, Options options)
    {
        var target = TargetOf(options);
        var load = new Load(options.Number("--clients"), TimeSpan.FromSeconds(options.Number("--seconds")))
        {
            Users = options.TextOrNull("--users") is null ? 0 : options.Number("--users"),
        };
        using var connection = new Http.HttpConnection(target.Url);
        var management = LogIn(connection, target, options);
        if (name == SocketsRun.Name)
        {
            return LoadSockets(new SocketsRun(management, target, load), options, load);
        }

        if (Scenario.Find(name, management, load) is not { } scenario)
        {
            return Refuse($"Unknown scenario {name}. Scenarios: {string.Join(", ", Scenario.Names)}, {SocketsRun.Name}");
        }

        scenario.Prepare(target);
        var measured = LoadRun.Run(scenario, target, load);
        return Report(Result.Of(measured, name, options, load), measured, options);
    }

    private static int Verify(string name, Options options)
    {
        var load = new Load(options.Number("--clients"), TimeSpan.FromSeconds(options.Number("--seconds")));
        var target = new Target(options.Text("--url"), Audience: "", options.Number("--server-pid"));
        var measured = LoadRun.Run(Verification.Read(options), target, load);
        Console.WriteLine(Verification.Row(name, measured));
        return measured.Recorder.Errors == 0 && measured.Recorder.Whole.Count > 0 ? 0 : 1;
    }

    private static int LoadSockets(SocketsRun run, Options options, Load load)
    {
        var measured = run.Run();
        var result = Result.Of(measured, SocketsRun.Name, options, load with { Clients = EventRun.Sockets });
        return Report(result with { IdleSocketKilobytes = run.IdleKilobytes }, measured, options);
    }

    private static int Report(Result result, Measured measured, Options options)
    {
        Console.WriteLine(result.ToRow(measured));
        result.AppendTo(options.TextOrNull("--json-lines"));
        return result.Errors == 0 ? 0 : 1;
    }

    private static int Fill(int mails, Options options)
    {
        var target = TargetOf(options);
        using var connection = new Http.HttpConnection(target.Url);
        new MailPreparation(LogIn(connection, target, options), target, options.Number("--clients")).Prepare(mails, options.Number("--mail-port"));
        return 0;
    }

    private static int ReceiveMails(int mails)
    {
        new MailSink(mails).RunAsync().GetAwaiter().GetResult();
        return 0;
    }

    private static Target TargetOf(Options options) => new(options.Text("--url"), options.Text("--audience"), options.Number("--server-pid"));

    private static ManagementApi LogIn(Http.HttpConnection connection, Target target, Options options) =>
        ManagementApi.Open(connection, target, options.Text("--client-id"), options.Text("--client-secret"));

    private static int MeasureSqliteLimit(string name, Options options)
    {
        var load = new Load(options.Number("--clients"), TimeSpan.FromSeconds(options.Number("--seconds")));
        using var database = LimitDatabase.Open(options.Text("--file"), copyOf: options.Text("--from"));
        var rate = new SqliteLimit(database, options.Text("--sql"), load).Measure(name);
        Console.WriteLine(rate.ToString("F1", CultureInfo.InvariantCulture));
        return 0;
    }

    private static int Refuse(string message)
    {
        Console.Error.WriteLine(message);
        return 2;
    }
}
