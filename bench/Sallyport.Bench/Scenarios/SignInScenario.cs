using System.Collections.Concurrent;
using Sallyport.Bench.Http;

namespace Sallyport.Bench.Scenarios;

/// <summary>An enrolled user signs in: start-flow, right code, signed result. Each user signs in once, because a code is accepted once.</summary>
internal sealed class SignInScenario(ManagementApi management, Load load) : Scenario(management, load)
{
    private readonly ConcurrentQueue<string> requestTokens = new();
    private string clientId = "";

    public override void Prepare(Target target)
    {
        using (var connection = new HttpConnection(target.Url))
        {
            clientId = Management.CreateClient(connection);
        }

        PrepareMany(target, shareOfRun: 1.3, connection => requestTokens.Enqueue(NewSignIn(connection)));
    }

    public override bool TryRun(HttpConnection connection, Recorder recorder, long started)
    {
        if (!requestTokens.TryDequeue(out var requestToken))
        {
            return false;
        }

        var flow = GuardianApi.StartSignIn(connection, requestToken);
        var hasStarted = recorder.Request("start-flow", started);
        GuardianApi.Verify(connection, flow);
        var isAccepted = recorder.Request("verify-otp", hasStarted);
        GuardianApi.FetchResult(connection, flow);
        recorder.Request("transaction-state", isAccepted);
        recorder.Operation(started);
        return true;
    }

    /// <returns>The request token of a new sign-in of a new user.</returns>
    private string NewSignIn(HttpConnection connection)
    {
        var user = Management.CreateUserWithoutAddress(connection);
        Management.AddAuthenticatorApp(connection, user, GuardianApi.SharedKey);
        return Management.CreateSignIn(connection, user, clientId);
    }
}
