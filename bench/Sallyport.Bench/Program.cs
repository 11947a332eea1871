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
            --seconds N --limit-rate R [--users N] [--provider-port P] [--json-lines FILE]
        Sallyport.Bench verify NAME --url URL --server-pid P --items FILE --path PATH --body TEMPLATE --mark TEXT
            [--reuse yes] [--result-path PATH --result-mark TEXT] --clients N --seconds N
        Sallyport.Bench fill-email|fill-sms MESSAGES [--mail-port P] --url URL --audience A --server-pid P --client-id I --client-secret S --clients N
        Sallyport.Bench sink-email MESSAGES
        Sallyport.Bench sink-sms MESSAGES --provider-port P
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
            "fill-email" => Fill(options, outbox => outbox.AddMails(Count(args), options.Number("--mail-port"))),
            "fill-sms" => Fill(options, outbox => outbox.AddTextMessages(Count(args))),
            "sink-email" => Receive(new MailSink(Count(args)).RunAsync()),
            "sink-sms" => Receive(SmsSink.RunAsync(Count(args), options.Number("--provider-port"))),
            "sqlite-limit" => MeasureSqliteLimit(args[1], options),
            _ => Refuse(Usage),
        };
    }

    private static int Load(string name, Options options)
    {
        var target = TargetOf(options);
        var load = new Load(options.Number("--clients"), TimeSpan.FromSeconds(options.Number("--seconds")))
        {
            Users = options.NumberOrZero("--users"),
        };
        using var connection = new Http.HttpConnection(target.Url);
        var management = LogIn(connection, target, options);
        if (IEventScenario.Find(name, management, target, load) is { } events)
        {
            return Load(name, events, options, load);
        }

        if (Scenario.Find(name, management, load) is not { } scenario)
        {
            return Refuse($"Unknown scenario {name}. Scenarios: {string.Join(", ", Scenario.Names.Concat(IEventScenario.Names))}");
        }

        scenario.Prepare(target);
        var measured = LoadRun.Run(scenario, target, load);
        scenario.CleanUp(target);
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

    private static int Load(string name, IEventScenario scenario, Options options, Load load)
    {
        var measured = scenario.Run();
        var result = Result.Of(measured, name, options, load with { Clients = scenario.Events.Sockets });
        return Report(result with { IdleSocketKilobytes = scenario.IdleKilobytes }, measured, options);
    }

    private static int Report(Result result, Measured measured, Options options)
    {
        Console.WriteLine(result.ToRow(measured));
        result.AppendTo(options.TextOrNull("--json-lines"));
        return result.Errors == 0 ? 0 : 1;
    }

    private static int Count(string[] args) => int.Parse(args[1], NumberStyles.None, CultureInfo.InvariantCulture);

    private static int Fill(Options options, Action<OutboxPreparation> add)
    {
        var target = TargetOf(options);
        using var connection = new Http.HttpConnection(target.Url);
        add(new OutboxPreparation(LogIn(connection, target, options), target, options.Number("--clients")));
        return 0;
    }

    private static int Receive(Task sink)
    {
        sink.GetAwaiter().GetResult();
        return 0;
    }

    private static Target TargetOf(Options options) => new(options.Text("--url"), options.Text("--audience"), options.Number("--server-pid"))
    {
        ProviderPort = options.NumberOrZero("--provider-port"),
    };

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
