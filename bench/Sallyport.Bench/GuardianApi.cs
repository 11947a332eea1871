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

    private const string GuardianPath = "/appliance-mfa/api/";
    private const string StartFlowPath = GuardianPath + "start-flow";
    private const string VerifyPath = GuardianPath + "verify-otp";
    private const string StatePath = GuardianPath + "transaction-state";

    public static Flow StartFlow(HttpConnection connection, string ticketId, string transport = "polling")
    {
        var answer = connection.Post(StartFlowPath, $"Ticket id=\"{ticketId}\"", $$"""{"state_transport":"{{transport}}"}""")
            .ShouldBe(201, "start-flow");
        _ = answer.Member("enrollment_tx_id", "start-flow");
        return new Flow(answer.Member("transaction_token", "start-flow"), answer.Member("otp_secret", "start-flow"));
    }

    /// <returns>The sign-in of an enrolled user. If the user has an authenticator app, it is one with <see cref="SharedKey"/>.</returns>
    public static Flow StartSignIn(HttpConnection connection, string requestToken, string transport = "polling")
    {
        var answer = connection.Post(StartFlowPath, "Bearer " + requestToken, $$"""{"state_transport":"{{transport}}"}""").ShouldBe(201, "start-flow");
        answer.ShouldHold("enrollment_tx_id"u8, 0, "start-flow");
        return new Flow(answer.Member("transaction_token", "start-flow"), SharedKey);
    }

    /// <summary>Sends the current code of the authenticator app: it confirms an enrollment, or proves a sign-in.</summary>
    public static void Verify(HttpConnection connection, Flow flow) => Verify(connection, flow.Token, CurrentCode(flow.Secret));

    public static void Verify(HttpConnection connection, string token, string code) =>
        connection.Post(VerifyPath, "Bearer " + token, $$"""{"type":"manual_input","code":"{{code}}"}""").ShouldBe(200, "verify-otp");

    /// <summary>Asks for a message to the user's phone.</summary>
    /// <param name="method">Such as <c>sms</c>.</param>
    public static void Send(HttpConnection connection, string token, string method) =>
        connection.Post(GuardianPath + "send-" + method, "Bearer " + token, "{}").ShouldBe(200, "send-" + method);

    /// <summary>Enrolls a phone with a ticket.</summary>
    /// <param name="registration">The phone's own description, JSON.</param>
    public static void EnrollPhone(HttpConnection connection, string ticketId, string registration) =>
        connection.Post(GuardianPath + "enroll", $"Ticket id=\"{ticketId}\"", registration).ShouldBe(201, "enroll");

    /// <summary>Answers a push message.</summary>
    /// <param name="response">What the phone has signed.</param>
    public static void Resolve(HttpConnection connection, string answerToken, string response) =>
        connection.Post(GuardianPath + "resolve-transaction", "Bearer " + answerToken, $$"""{"challenge_response":"{{response}}"}""")
            .ShouldBe(204, "resolve-transaction");

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
