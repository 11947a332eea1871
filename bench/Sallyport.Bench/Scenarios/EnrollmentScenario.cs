using System.Collections.Concurrent;
using Sallyport.Bench.Http;

namespace Sallyport.Bench.Scenarios;

/// <summary>A new user enrolls: ticket, start-flow, right code.</summary>
internal sealed class EnrollmentScenario(ManagementApi management, Load load) : Scenario(management, load)
{
    private readonly ConcurrentQueue<string> users = new();

    public override void Prepare(Target target) =>
        PrepareMany(target, shareOfRun: 0.7, connection => users.Enqueue(Management.CreateUserWithoutAddress(connection)));

    public override bool TryRun(HttpConnection connection, Recorder recorder, long started)
    {
        if (!users.TryDequeue(out var user))
        {
            return false;
        }

        var ticket = Management.CreateTicket(connection, user);
        var hasTicket = recorder.Request("ticket", started);
        var flow = GuardianApi.StartFlow(connection, ticket);
        var hasStarted = recorder.Request("start-flow", hasTicket);
        GuardianApi.Verify(connection, flow);
        recorder.Request("verify-otp", hasStarted);
        recorder.Operation(started);
        return true;
    }
}
