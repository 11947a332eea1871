using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Factors.Duo;

/// <summary>A server whose tenant has set up Duo, and a person whose browser goes there and comes back.</summary>
internal sealed class DuoScene : IAsyncDisposable
{
    public const string ReturnPath = "/mfa/enrollment?ticket=abc";

    private readonly HttpClient browser = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });

    private DuoScene(FakeDuo duo, TestServer server) => (Duo, Server) = (duo, server);

    public FakeDuo Duo { get; }

    public TestServer Server { get; }

    public string Callback => Server.Url + "/mfa/duo/callback";

    /// <param name="log">Gets what the server logs; null if the test does not read it.</param>
    public static async Task<DuoScene> StartAsync(Engine engine, ILoggerProvider? log = null)
    {
        var duo = await FakeDuo.StartAsync();
        var server = await TestServer.StartAsync(
            engine,
            services =>
            {
                if (log is not null)
                {
                    services.AddSingleton(log);
                }
            },
            ("Sallyport:DuoUrl", duo.Url));
        duo.Clock = server.Clock;
        var management = new ManagementApi(server);
        (await management.SendAsync(
            HttpMethod.Put, "/guardian/factors/duo/settings", new { ikey = FakeDuo.ClientId, skey = FakeDuo.Secret, host = "api-12345678.duosecurity.com" })).ShouldBe(HttpStatusCode.OK);
        (await management.SendAsync(HttpMethod.Put, "/guardian/factors/duo", new { enabled = true })).ShouldBe(HttpStatusCode.OK);
        (await management.SendAsync(HttpMethod.Put, "/guardian/factors/otp", new { enabled = false })).ShouldBe(HttpStatusCode.OK);
        return new DuoScene(duo, server);
    }

    public Task<Person> NewPersonAsync() => Person.CreateAsync(Server);

    public static Task<Answer> AuthorizeAsync(Person person, Flow flow, string returnPath = ReturnPath) =>
        person.SendAsync("duo/authorize", flow, new { return_path = returnPath });

    /// <summary>The browser goes to Duo, and the person confirms there.</summary>
    public async Task<DuoReturn> ConfirmAsync(Person person, Flow flow)
    {
        var answer = await AuthorizeAsync(person, flow);
        var address = (string)answer.ShouldBe(HttpStatusCode.OK)["authorize_url"]!;
        var (state, code) = Duo.Confirm(address, Callback);
        return new DuoReturn(state, code, answer.Headers.GetValues("Set-Cookie").Last());
    }

    /// <returns>Where the browser goes on, without the address of the server.</returns>
    public Task<string> ReturnAsync(DuoReturn returned) => ReturnAsync($"state={returned.State}&duo_code={returned.Code}", returned.Cookie);

    public async Task<string> ReturnAsync(string query, string? cookie)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{Callback}?{query}");
        if (cookie is not null)
        {
            request.Headers.Add("Cookie", cookie.Split(';')[0]);
        }

        using var response = await browser.SendAsync(request);
        response.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        response.Headers.CacheControl!.NoStore.ShouldBeTrue();
        var location = response.Headers.Location!.OriginalString;
        location.ShouldStartWith(Server.Url + "/");
        return location[Server.Url.Length..];
    }

    public async Task EnrollAsync(Person person) =>
        (await ReturnAsync(await ConfirmAsync(person, await person.StartAsync()))).ShouldBe(ReturnPath);

    public static async Task<string> StateAsync(Person person, Flow flow) => (string)(await person.Guardian.GetStateAsync(flow))["state"]!;

    public async ValueTask DisposeAsync()
    {
        browser.Dispose();
        await Server.DisposeAsync();
        await Duo.DisposeAsync();
    }
}

/// <param name="Cookie">The header that set it.</param>
internal sealed record DuoReturn(string State, string Code, string Cookie);
