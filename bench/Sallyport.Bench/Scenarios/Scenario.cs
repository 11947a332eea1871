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
    public static IReadOnlyList<string> Names { get; } = ["ticket", "enrollment", "start-confirm", "sign-in", "sms-code", .. FindUsersScenario.Names];

    protected ManagementApi Management => management;

    protected Load Load => load;

    public static Scenario? Find(string name, ManagementApi management, Load load) => name switch
    {
        "ticket" => new TicketScenario(management, load),
        "enrollment" => new EnrollmentScenario(management, load),
        "start-confirm" => new StartConfirmScenario(management, load),
        "sign-in" => new SignInScenario(management, load),
        "sms-code" => new SmsCodeScenario(management, load),
        _ => FindUsersScenario.Names.Contains(name) ? new FindUsersScenario(name, management, load) : null,
    };

    public abstract void Prepare(Target target);

    public abstract bool TryRun(HttpConnection connection, Recorder recorder, long started);

    /// <summary>Restores the settings that other scenarios need.</summary>
    public virtual void CleanUp(Target target)
    {
    }

    /// <summary>
    /// Prepares items with the same number of clients as the run, in a multiple of the time of the run. It is chosen so that the items last
    /// until its end.
    /// </summary>
    protected void PrepareMany(Target target, double shareOfRun, Action<HttpConnection> make)
    {
        var time = Window.After(TimeSpan.Zero, Load.Total * shareOfRun);
        Preparation.RunWhile(() => !time.IsOver, target, Load.Clients, make);
    }
}
