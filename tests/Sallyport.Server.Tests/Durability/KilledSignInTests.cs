using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Web;
using Sallyport.Protocols.Otp;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Durability;

/// <summary>A server is killed between the right code and the redemption of the sign-in.</summary>
public sealed class KilledSignInTests
{
    private const string Callback = "https://app.example/mfa-result";

    [Theory, Engines]
    public async Task An_accepted_sign_in_is_redeemed_once_after_a_kill(Engine engine)
    {
        await using var installation = await Installation.CreateAsync(engine);
        using var http = new HttpClient { BaseAddress = new Uri(installation.Url) };
        using var server = await installation.StartAsync();
        var management = "Bearer " + await FetchTokenAsync(http, installation.Url);
        var (userId, enrollment) = await EnrollAsync(http, management);
        var client = new { name = "Application", callbacks = new[] { Callback } };
        var clientId = (string)(await SendAsync(http, "/api/v2/clients", management, client))["client_id"]!;
        var signIn = new SignInStart(await SendAsync(
            http, "/api/v2/guardian/transactions", management, new { user_id = userId, client_id = clientId, post_action_url = Callback }));
        var flow = new Flow(await SendAsync(http, "/api/start-flow", "Bearer " + signIn.RequestToken, new { }));

        await VerifyAsync(http, flow, enrollment.Secret, stepsAhead: 1);
        await server.KillAsync();
        using var restarted = await installation.StartAsync();

        management = "Bearer " + await FetchTokenAsync(http, installation.Url);
        var redeem = $"/api/v2/guardian/transactions/{signIn.Id}/redeem";
        ((string)(await SendAsync(http, redeem, management, new { }))["user_id"]!).ShouldBe(userId);
        var again = await Should.ThrowAsync<HttpRequestException>(() => SendAsync(http, redeem, management, new { }));
        again.StatusCode.ShouldBe(System.Net.HttpStatusCode.Conflict);
        await installation.ShouldBeSoundAsync();
    }

    [Theory, Engines]
    public async Task An_authorization_and_its_code_survive_a_kill(Engine engine)
    {
        await using var installation = await Installation.CreateAsync(engine);
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri(installation.Url) };
        using var server = await installation.StartAsync();
        var management = "Bearer " + await FetchTokenAsync(http, installation.Url);
        var (userId, enrollment) = await EnrollAsync(http, management);
        var (id, secret) = await CreateRelyingPartyAsync(http, management);
        var pushed = await SendAsync(
            http, "/oauth/par", null,
            new { client_id = id, client_secret = secret, redirect_uri = Callback, response_type = "code", scope = "openid", login_hint = userId });
        using var asked = await http.GetAsync($"/authorize?client_id={id}&request_uri={pushed["request_uri"]}", TestContext.Current.CancellationToken);
        var requestToken = HttpUtility.ParseQueryString(asked.Headers.Location!.Query)["request_token"];
        var flow = new Flow(await SendAsync(http, "/api/start-flow", "Bearer " + requestToken, new { }));
        await VerifyAsync(http, flow, enrollment.Secret, stepsAhead: 1);
        var signature = (string)(await SendAsync(http, "/api/transaction-state", "Bearer " + flow.Token, new { }))["token"]!;

        await server.KillAsync();
        using var second = await installation.StartAsync();
        using var form = new FormUrlEncodedContent([KeyValuePair.Create("signature", signature)]);
        using var answered = await http.PostAsync("/authorize/resume", form, TestContext.Current.CancellationToken);
        var code = HttpUtility.ParseQueryString(answered.Headers.Location!.Query)["code"];
        await second.KillAsync();
        using var third = await installation.StartAsync();

        var exchange = new { grant_type = "authorization_code", client_id = id, client_secret = secret, redirect_uri = Callback, code };
        (await SendAsync(http, "/oauth/token", null, exchange))["id_token"].ShouldNotBeNull();
        var again = await Should.ThrowAsync<HttpRequestException>(() => SendAsync(http, "/oauth/token", null, exchange));
        again.StatusCode.ShouldBe(System.Net.HttpStatusCode.Forbidden);
        await installation.ShouldBeSoundAsync();
    }

    private static async Task<(string UserId, Flow Enrollment)> EnrollAsync(HttpClient http, string management)
    {
        var user = new { connection = "Username-Password-Authentication", email = "ann@example.com" };
        var userId = (string)(await SendAsync(http, "/api/v2/users", management, user))["user_id"]!;
        var ticket = (string)(await SendAsync(http, "/api/v2/guardian/enrollments/ticket", management, new { user_id = userId }))["ticket_id"]!;
        var enrollment = new Flow(await SendAsync(http, "/api/start-flow", $"Ticket id=\"{ticket}\"", new { }));
        await VerifyAsync(http, enrollment, enrollment.Secret, stepsAhead: 0);
        return (userId, enrollment);
    }

    private static async Task<(string Id, string Secret)> CreateRelyingPartyAsync(HttpClient http, string management)
    {
        var client = await SendAsync(http, "/api/v2/clients", management, new
        {
            name = "Application",
            app_type = "regular_web",
            callbacks = new[] { Callback },
            client_metadata = new { first_factor = "application" },
        });
        return ((string)client["client_id"]!, (string)client["client_secret"]!);
    }

    private static Task<JsonNode> VerifyAsync(HttpClient http, Flow flow, byte[] secret, int stepsAhead)
    {
        var at = TimeProvider.System.GetUtcNow() + (stepsAhead * TotpParameters.Default.Period);
        return SendAsync(
            http, "/api/verify-otp", "Bearer " + flow.Token, new { type = "manual_input", code = Totp.Code(secret, at, TotpParameters.Default) });
    }

    private static async Task<string> FetchTokenAsync(HttpClient http, string url) => (string)(await SendAsync(http, "/oauth/token", null, new
    {
        grant_type = "client_credentials",
        client_id = TestServer.ClientId,
        client_secret = TestServer.ClientSecret,
        audience = url + "/api/v2/",
    }))["access_token"]!;

    /// <exception cref="HttpRequestException">The answer is no success.</exception>
    private static async Task<JsonNode> SendAsync(HttpClient http, string path, string? authorization, object body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        request.Headers.TryAddWithoutValidation("Authorization", authorization);
        using var response = await http.SendAsync(request);
        response.EnsureSuccessStatusCode();
        return JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
    }
}
