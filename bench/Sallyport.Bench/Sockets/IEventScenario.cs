namespace Sallyport.Bench.Sockets;

/// <summary>A scenario that measures events which sockets receive.</summary>
internal interface IEventScenario
{
    static IReadOnlyList<string> Names { get; } = [SocketsRun.Name, PushRun.Name];

    EventLoad Events { get; }

    /// <summary>The server's memory per idle socket in kilobytes; null if the run does not measure it.</summary>
    double? IdleKilobytes => null;

    Measured Run();

    static IEventScenario? Find(string name, ManagementApi management, Target target, Load load) => name switch
    {
        SocketsRun.Name => new SocketsRun(management, target, load),
        PushRun.Name => new PushRun(management, target, load),
        _ => null,
    };
}
