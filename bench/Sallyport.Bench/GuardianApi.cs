using Sallyport.Bench.Http;
using Sallyport.Protocols.Otp;

namespace Sallyport.Bench;

/// <summary>The calls of the widget in a browser.</summary>
internal static class GuardianApi
{
    private const string StartFlowPath = "/appliance-mfa/api/start-flow";
    private const string VerifyPath = "/appliance-mfa/api/verify-otp";

    public static Flow StartFlow(HttpConnection connection, string ticketId, string transport = "polling")
    {
        var answer = connection.Post(StartFlowPath, $"Ticket id=\"{ticketId}\"", $$"""{"state_transport":"{{transport}}"}""")
            .ShouldBe(201, "start-flow");
        _ = answer.Member("enrollment_tx_id", "start-flow");
        return new Flow(answer.Member("transaction_token", "start-flow"), answer.Member("otp_secret", "start-flow"));
    }

    /// <summary>Confirms the enrollment with the current code.</summary>
    public static void Confirm(HttpConnection connection, Flow flow)
    {
        if (!Base32.TryDecode(flow.Secret, out var secret))
        {
            throw new WrongAnswerException("start-flow: the key is not Base32");
        }

        var code = Totp.Code(secret, TimeProvider.System.GetUtcNow(), TotpParameters.Default);
        connection.Post(VerifyPath, "Bearer " + flow.Token, $$"""{"type":"manual_input","code":"{{code}}"}""").ShouldBe(200, "verify-otp");
    }
}

/// <summary>A started enrollment.</summary>
internal sealed record Flow(string Token, string Secret);
