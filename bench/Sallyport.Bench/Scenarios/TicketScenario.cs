using System.Collections.Concurrent;
using System.Security.Cryptography;
using Sallyport.Bench.Http;

namespace Sallyport.Bench.Scenarios;

/// <summary>A backend creates tickets for random users out of a thousand.</summary>
internal sealed class TicketScenario(ManagementApi management, Load load) : Scenario(management, load)
{
    private const int UserCount = 1000;

    private string[] users = [];

    public override void Prepare(Target target)
    {
        var created = new ConcurrentBag<string>();
        Preparation.Run(UserCount, target, Load.Clients, connection => created.Add(Management.CreateUserWithoutAddress(connection)));
        users = [.. created];
    }

    public override bool TryRun(HttpConnection connection, Recorder recorder, long started)
    {
        Management.CreateTicket(connection, users[RandomNumberGenerator.GetInt32(users.Length)]);
        recorder.Operation(started);
        return true;
    }
}
