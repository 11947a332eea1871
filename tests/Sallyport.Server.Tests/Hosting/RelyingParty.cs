using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Web;

namespace Sallyport.Server.Tests.Hosting;

/// <summary>An application that signs users in through OpenID Connect.</summary>
internal sealed class RelyingParty
{
    public const string Callback = "https://app.example/callback";
    public const string Verifier = "a-verifier-that-is-long-enough-for-the-specification";

    private RelyingParty(TestServer server, string clientId, string secret) => (Server, ClientId, Secret) = (server, clientId, secret);

    public TestServer Server { get; }

    public string ClientId { get; }

    public string Secret { get; }

    public string ClientPath => "/clients/" + ClientId;

    public static string Challenge => ChallengeOf(Verifier);

    /// <param name="settings">Members of the client, in addition to those of an application that checks the first factor itself.</param>
    public static async Task<RelyingParty> CreateAsync(TestServer server, JsonObject? settings = null)
    {
        var client = (JsonObject)(settings ?? []).DeepClone();
        client["name"] = $"Application {Guid.CreateVersion7():N}";
        client["app_type"] ??= "regular_web";
        client["callbacks"] ??= new JsonArray(Callback);
        client["client_metadata"] ??= new JsonObject { ["first_factor"] = "application" };
        var created = (await new ManagementApi(server).SendAsync(HttpMethod.Post, "/clients", client)).ShouldBe(HttpStatusCode.Created);
        return new RelyingParty(server, (string)created["client_id"]!, (string)created["client_secret"]!);
    }

    /// <summary>A valid request, with changes; null leaves a parameter out.</summary>
    public Dictionary<string, string> Parameters(params (string Name, string? Value)[] changes)
    {
        var parameters = new Dictionary<string, string>
        {
            ["client_id"] = ClientId,
            ["redirect_uri"] = Callback,
            ["response_type"] = "code",
            ["scope"] = "openid profile email",
            ["state"] = "the state",
            ["nonce"] = "the nonce",
            ["code_challenge"] = Challenge,
            ["code_challenge_method"] = "S256",
        };
        foreach (var (name, value) in changes)
        {
            if (value is null)
            {
                parameters.Remove(name);
            }
            else
            {
                parameters[name] = value;
            }
        }

        return parameters;
    }

    /// <summary>Changes members of the client.</summary>
    public async Task ChangeAsync(JsonObject changes) =>
        (await new ManagementApi(Server).SendAsync(HttpMethod.Patch, ClientPath, changes)).ShouldBe(HttpStatusCode.OK);

    public Task<Answer> TryPushAsync(params (string Name, string? Value)[] changes) =>
        PostAsync("/oauth/par", Parameters([("client_secret", Secret), .. changes]));

    /// <returns>The path that the browser opens.</returns>
    public async Task<string> PushAsync(params (string Name, string? Value)[] changes)
    {
        var pushed = (await TryPushAsync(changes)).ShouldBe(HttpStatusCode.Created);
        return AuthorizePath(new() { ["client_id"] = ClientId, ["request_uri"] = (string)pushed["request_uri"]! });
    }

    public static string AuthorizePath(Dictionary<string, string> parameters) => "/authorize?" + Encode(parameters);

    /// <summary>Exchanges a code, with changes of the parameters.</summary>
    public Task<Answer> ExchangeAsync(string code, params (string Name, string? Value)[] changes)
    {
        var parameters = new Dictionary<string, string>
        {
            ["grant_type"] = "authorization_code",
            ["client_id"] = ClientId,
            ["client_secret"] = Secret,
            ["redirect_uri"] = Callback,
            ["code_verifier"] = Verifier,
            ["code"] = code,
        };
        foreach (var (name, value) in changes)
        {
            parameters[name] = value ?? "";
        }

        return PostAsync("/oauth/token", parameters);
    }

    public async Task<Answer> GetUserInfoAsync(string? token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/userinfo");
        if (token is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + token);
        }

        using var response = await Server.Http.SendAsync(request);
        return await Answer.ReadAsync(response);
    }

    /// <summary>Signs the person in, up to the code.</summary>
    public async Task<string> SignInAsync(Person person, Flow enrolled, params (string Name, string? Value)[] changes)
    {
        // Each code is accepted once.
        Server.Clock.Advance(TimeSpan.FromSeconds(30));
        var browser = new Browser(Server);
        var asked = await browser.OpenAsync(await PushAsync([("login_hint", person.UserId), .. changes]));
        return (await browser.ResumeAsync(await Browser.ProveAsync(person, enrolled, asked))).Code;
    }

    private async Task<Answer> PostAsync(string path, Dictionary<string, string> parameters)
    {
        using var response = await Server.Http.PostAsync(path, new FormUrlEncodedContent(parameters));
        return await Answer.ReadAsync(response);
    }

    private static string ChallengeOf(string verifier) =>
        System.Buffers.Text.Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(verifier)));

    private static string Encode(Dictionary<string, string> parameters) =>
        string.Join('&', parameters.Select(parameter => $"{parameter.Key}={Uri.EscapeDataString(parameter.Value)}"));
}

/// <summary>A browser that keeps cookies and follows no redirects.</summary>
internal sealed class Browser(TestServer server)
{
    public CookieContainer Cookies { get; } = new();

    public Task<BrowserAnswer> OpenAsync(string address) => SendAsync(new HttpRequestMessage(HttpMethod.Get, address));

    public Task<BrowserAnswer> PostAsync(string path, params (string Name, string Value)[] fields) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value))),
        });

    /// <summary>Proves the second factor that the server asks for.</summary>
    /// <returns>The signed result, as the page posts it.</returns>
    public static async Task<string> ProveAsync(Person person, Flow enrolled, BrowserAnswer asked)
    {
        asked.Status.ShouldBe(HttpStatusCode.SeeOther, asked.Text);
        var started = await person.Guardian.SendAsync("start-flow", "Bearer " + asked.Query("request_token"));
        var flow = new Flow(started.ShouldBe(HttpStatusCode.Created));
        var code = flow.IsEnrolling ? person.Guardian.CodeOf(flow) : person.Guardian.CodeOf(enrolled, 1);
        (await person.Guardian.VerifyAsync(flow, code)).ShouldBe(HttpStatusCode.OK);
        return (string)(await person.Guardian.GetStateAsync(flow))["token"]!;
    }

    public Task<BrowserAnswer> ResumeAsync(string signature) => PostAsync("/authorize/resume", ("signature", signature), ("accepted", "true"));

    public async Task<BrowserAnswer> SendAsync(HttpRequestMessage request)
    {
        using var http = new HttpClient(TestCertificate.CreateHandler(Cookies)) { BaseAddress = new Uri(server.Url) };
        using (request)
        {
            using var response = await http.SendAsync(request);
            return new BrowserAnswer(
                response.StatusCode, response.Headers.Location?.OriginalString, await response.Content.ReadAsStringAsync(),
                response.Headers.TryGetValues("Content-Security-Policy", out var policy) ? policy.Single() : "");
        }
    }
}

/// <param name="Location">Where the browser is sent; null if it stays.</param>
internal sealed partial record BrowserAnswer(HttpStatusCode Status, string? Location, string Text, string Policy)
{
    /// <summary>The fields of a form that posts itself.</summary>
    public Dictionary<string, string> Fields => Field().Matches(Text).ToDictionary(
        match => match.Groups[1].Value, match => HttpUtility.HtmlDecode(match.Groups[2].Value));

    public string Code => Query("code") ?? throw new ShouldAssertException($"No code: {Status} {Location} {Text}");

    public string? Query(string name) =>
        Location is null ? null : HttpUtility.ParseQueryString(new Uri(Location).Query)[name];

    /// <summary>The error that the client gets, with the state and the issuer of a response to it.</summary>
    public void ShouldBeClientError(string error, TestServer server)
    {
        Status.ShouldBe(HttpStatusCode.SeeOther, Text);
        Location!.ShouldStartWith(RelyingParty.Callback + "?");
        Query("error").ShouldBe(error, Location);
        Query("state").ShouldBe("the state");
        Query("iss").ShouldBe(server.Url + "/");
        Query("code").ShouldBeNull();
    }

    /// <summary>The person sees what is wrong, and the browser stays here.</summary>
    public void ShouldBeShown(string error)
    {
        Status.ShouldBe(HttpStatusCode.BadRequest, Text);
        Location.ShouldBeNull();
        Text.ShouldContain($"<code>{error}</code>");
    }

    [GeneratedRegex("<input type=\"hidden\" name=\"([^\"]+)\" value=\"([^\"]*)\">")]
    private static partial Regex Field();
}
