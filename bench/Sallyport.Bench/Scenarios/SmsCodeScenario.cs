using System.Collections.Concurrent;
using Sallyport.Bench.Http;
using Sallyport.Bench.Providers;

namespace Sallyport.Bench.Scenarios;

/// <summary>A user enters the right code of a text message.</summary>
internal sealed class SmsCodeScenario(ManagementApi management, Load load) : Scenario(management, load)
{
    private readonly SmsSignIns signIns = new(management);
    private readonly Inbox<string> texts = new();
    private readonly ConcurrentQueue<SmsSignIn> sent = new();
    private readonly ConcurrentQueue<Flow> flows = new();

    public override void Prepare(Target target)
    {
        using var twilio = new FakeTwilio(target.ProviderPort, texts.Add);
        using var connection = new HttpConnection(target.Url);
        signIns.SwitchOn(connection);
        PrepareMany(target, shareOfRun: 6, preparing => sent.Enqueue(signIns.Start(preparing)));
        foreach (var signIn in sent)
        {
            flows.Enqueue(new Flow(signIn.Token, CodeIn(texts.TakeAsync(signIn.PhoneNumber).GetAwaiter().GetResult())));
        }
    }

    public override bool TryRun(HttpConnection connection, Recorder recorder, long started)
    {
        if (!flows.TryDequeue(out var flow))
        {
            return false;
        }

        GuardianApi.Verify(connection, flow.Token, flow.Secret);
        recorder.Operation(started);
        return true;
    }

    public override void CleanUp(Target target)
    {
        using var connection = new HttpConnection(target.Url);
        signIns.SwitchOff(connection);
    }

    /// <summary>The built-in text contains no other digits.</summary>
    private static string CodeIn(string text) => string.Concat(text.Where(char.IsAsciiDigit));
}
