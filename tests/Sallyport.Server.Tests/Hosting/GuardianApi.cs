using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Sallyport.Protocols.Otp;

namespace Sallyport.Server.Tests.Hosting;

/// <summary>Direct calls to the Guardian API. Tests in PublishedClients use the published clients.</summary>
internal sealed class GuardianApi(TestServer server, string prefix = "/appliance-mfa")
{
    public async Task<Answer> SendAsync(string path, string? authorization, HttpContent? content = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{prefix}/api/{path}") { Content = content };
        if (authorization is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        }

        using var response = await server.Http.SendAsync(request);
        return await Answer.ReadAsync(response);
    }

    public Task<Answer> StartFlowAsync(string ticketId) => SendAsync("start-flow", $"Ticket id=\"{ticketId}\"");

    public async Task<Flow> StartAsync(string ticketId) => new((await StartFlowAsync(ticketId)).ShouldBe(HttpStatusCode.Created));

    public Task<Answer> VerifyAsync(Flow flow, string code) =>
        SendAsync("verify-otp", $"Bearer {flow.Token}", JsonContent.Create(new { type = "manual_input", code }));

    public Task<Answer> RecoverAsync(Flow flow, string recoveryCode) =>
        SendAsync("recover-account", $"Bearer {flow.Token}", JsonContent.Create(new { recovery_code = recoveryCode }));

    public async Task<JsonNode> GetStateAsync(Flow flow) =>
        (await SendAsync("transaction-state", $"Bearer {flow.Token}")).ShouldBe(HttpStatusCode.OK);

    /// <summary>Enrolls with the ticket and the code for the server's current time.</summary>
    public async Task<Flow> EnrollAsync(string ticketId)
    {
        var flow = await StartAsync(ticketId);
        (await VerifyAsync(flow, CodeOf(flow))).ShouldBe(HttpStatusCode.OK);
        return flow;
    }

    public string CodeOf(Flow flow, int stepsAhead = 0) => CodeOf(flow.Secret, stepsAhead);

    public string CodeOf(byte[] secret, int stepsAhead = 0) =>
        Totp.Code(secret, server.Clock.GetUtcNow() + (stepsAhead * TotpParameters.Default.Period), TotpParameters.Default);

    /// <summary>A code that is wrong in every accepted time step.</summary>
    public string WrongCodeOf(Flow flow)
    {
        var right = new[] { CodeOf(flow, -1), CodeOf(flow), CodeOf(flow, 1) };
        return Enumerable.Range(0, 10).Select(n => n.ToString("D6", System.Globalization.CultureInfo.InvariantCulture)).First(code => !right.Contains(code));
    }
}

/// <summary>The answer of start-flow.</summary>
internal sealed record Flow(JsonNode Json)
{
    public string Token => (string)Json["transaction_token"]!;

    public bool IsEnrolling => Json["enrollment_tx_id"] is not null;

    public string? RecoveryCode => (string?)Json["device_account"]!["recovery_code"];

    public string AuthenticatorId => (string)Json["device_account"]!["id"]!;

    public byte[] Secret =>
        Base32.TryDecode((string?)Json["device_account"]!["otp_secret"], out var secret) ? secret : throw new InvalidOperationException("No secret");
}
