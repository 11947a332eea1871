using System.Security.Cryptography;
using Sallyport.Bench.Http;

namespace Sallyport.Bench.Scenarios;

/// <summary>A backend creates tickets for random users out of a thousand.</summary>
internal sealed class TicketScenario(ManagementApi management, Load load) : Scenario(management, load)
{
    private const int UserCount = 1000;

    private readonly List<string> users = [];

    public override void Prepare(Target target)
    {
        PrepareSome(target, UserCount, NewUser);
        while (TryTake(out var user))
        {
            users.Add(user);
        }
    }

    public override bool TryRun(HttpConnection connection, Recorder recorder, long started)
    {
        Management.CreateTicket(connection, users[RandomNumberGenerator.GetInt32(users.Count)]);
        recorder.Operation(started);
        return true;
    }
}
