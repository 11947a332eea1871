using System.Collections.Concurrent;
using Sallyport.Bench.Http;

namespace Sallyport.Bench.Scenarios;

/// <summary>A user opens an existing ticket: start-flow, right code.</summary>
internal sealed class StartConfirmScenario(ManagementApi management, Load load) : Scenario(management, load)
{
    private readonly ConcurrentQueue<string> tickets = new();

    public override void Prepare(Target target) => PrepareMany(
        target,
        shareOfRun: 1,
        connection => tickets.Enqueue(Management.CreateTicket(connection, Management.CreateUserWithoutAddress(connection))));

    public override bool TryRun(HttpConnection connection, Recorder recorder, long started)
    {
        if (!tickets.TryDequeue(out var ticket))
        {
            return false;
        }

        var flow = GuardianApi.StartFlow(connection, ticket);
        var hasStarted = recorder.Request("start-flow", started);
        GuardianApi.Verify(connection, flow);
        recorder.Request("verify-otp", hasStarted);
        recorder.Operation(started);
        return true;
    }
}
