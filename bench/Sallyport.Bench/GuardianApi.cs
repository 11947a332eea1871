using System.Buffers.Text;
using System.Text;
using Sallyport.Bench.Http;
using Sallyport.Protocols.Otp;

namespace Sallyport.Bench;

/// <summary>The calls of the widget in a browser.</summary>
internal static class GuardianApi
{
    /// <summary>The Base32 key of the authenticator apps that are added to users before a measurement.</summary>
    public const string SharedKey = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

    /// <summary>The nonce of every sign-in.</summary>
    public const string Nonce = "bench-nonce";

    private const string StartFlowPath = "/appliance-mfa/api/start-flow";
    private const string VerifyPath = "/appliance-mfa/api/verify-otp";
    private const string StatePath = "/appliance-mfa/api/transaction-state";

    public static Flow StartFlow(HttpConnection connection, string ticketId, string transport = "polling")
    {
        var answer = connection.Post(StartFlowPath, $"Ticket id=\"{ticketId}\"", $$"""{"state_transport":"{{transport}}"}""")
            .ShouldBe(201, "start-flow");
        _ = answer.Member("enrollment_tx_id", "start-flow");
        return new Flow(answer.Member("transaction_token", "start-flow"), answer.Member("otp_secret", "start-flow"));
    }

    /// <summary>Starts the sign-in of a user who has an authenticator app with <see cref="SharedKey"/>.</summary>
    public static Flow StartSignIn(HttpConnection connection, string requestToken)
    {
        var answer = connection.Post(StartFlowPath, "Bearer " + requestToken, """{"state_transport":"polling"}""").ShouldBe(201, "start-flow");
        answer.ShouldHold("enrollment_tx_id"u8, 0, "start-flow");
        return new Flow(answer.Member("transaction_token", "start-flow"), SharedKey);
    }

    /// <summary>Sends the current code: it confirms an enrollment, or proves a sign-in.</summary>
    public static void Verify(HttpConnection connection, Flow flow)
    {
        var json = $$"""{"type":"manual_input","code":"{{CurrentCode(flow.Secret)}}"}""";
        connection.Post(VerifyPath, "Bearer " + flow.Token, json).ShouldBe(200, "verify-otp");
    }

    /// <summary>Fetches the signed result of a sign-in as a polling client does, and checks what it says.</summary>
    public static void FetchResult(HttpConnection connection, Flow flow)
    {
        var answer = connection.Post(StatePath, "Bearer " + flow.Token, "").ShouldBe(200, "transaction-state");
        answer.ShouldHold("\"state\":\"accepted\""u8, 1, "transaction-state");
        var parts = answer.Member("token", "transaction-state").Split('.');
        var claims = parts is [_, var payload, { Length: > 0 }] ? Encoding.UTF8.GetString(Base64Url.DecodeFromChars(payload)) : "";
        if (!claims.Contains($"\"nonce\":\"{Nonce}\"", StringComparison.Ordinal) || !claims.Contains("\"status\":\"ok\"", StringComparison.Ordinal))
        {
            throw new WrongAnswerException("transaction-state: the token is not the result of this sign-in");
        }
    }

    public static string CurrentCode(string key) => Base32.TryDecode(key, out var secret)
        ? Totp.Code(secret, TimeProvider.System.GetUtcNow(), TotpParameters.Default)
        : throw new WrongAnswerException("start-flow: the key is not Base32");
}

/// <summary>A started enrollment or sign-in.</summary>
/// <param name="Secret">The Base32 key of the authenticator app.</param>
internal sealed record Flow(string Token, string Secret);
