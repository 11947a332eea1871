using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Browser.Tests.Hosting;

/// <summary>
/// A web application that has checked a person's password and asks Sallyport for the second factor, as docs/sign-in.md says. It is on another
/// site than the server (<c>localhost</c>), so its session cookie must be one that browsers send with a form of another site.
/// </summary>
internal sealed class ApplicationSite : IAsyncDisposable
{
    private const string SessionCookie = "session";
    private const string CallbackPath = "/mfa-result";

    private readonly WebApplication app;
    private readonly ConcurrentDictionary<string, Session> sessions = new();
    private readonly ConcurrentQueue<IFormCollection> posts = new();
    private Application application = null!;

    private ApplicationSite(TestServer server, WebApplication app, string url) => (Server, this.app, Url) = (server, app, url);

    public TestServer Server { get; }

    public string Url { get; }

    public string HomeUrl => Url + "/home";

    /// <summary>The forms that browsers have posted to the callback.</summary>
    public IReadOnlyCollection<IFormCollection> Posts => posts;

    /// <summary>Answers the callback in place of the application.</summary>
    public Func<Task<IResult>>? Instead { get; set; }

    /// <summary>The session forgets its nonce, as if the result belonged to another browser.</summary>
    public bool LosesNonce { get; set; }

    public static async Task<ApplicationSite> StartAsync(TestServer server)
    {
        server.Clock.Set(TimeProvider.System.GetUtcNow());
        var url = $"http://localhost:{Ports.Free()}";
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(url);
        var site = new ApplicationSite(server, builder.Build(), url);
        site.application = await Application.CreateAsync(server, new() { ["callbacks"] = new JsonArray(url + CallbackPath) });
        site.app.MapGet("/login", site.LogInAsync);
        site.app.MapPost(CallbackPath, (Delegate)site.ReceiveAsync);
        site.app.MapGet("/home", site.ShowHome);
        await site.app.StartAsync();
        return site;
    }

    /// <summary>Where a person is after the password was right.</summary>
    public string LoginUrl(Person person, bool? selfService = null) =>
        $"{Url}/login?userId={Uri.EscapeDataString(person.UserId)}{(selfService is { } allowed ? "&selfService=" + allowed : "")}";

    public async ValueTask DisposeAsync() => await app.DisposeAsync();

    private async Task<IResult> LogInAsync(HttpContext context, string userId, bool? selfService)
    {
        var nonce = Guid.CreateVersion7().ToString("N");
        var answer = await application.TryStartAsync(userId, new()
        {
            ["post_action_url"] = Url + CallbackPath,
            ["nonce"] = nonce,
            ["allow_remember_browser"] = true,
            ["self_service_enrollment"] = selfService,
        });
        var session = new Session(userId, nonce, new SignInStart(answer.ShouldBe(HttpStatusCode.Created)));
        var id = Guid.CreateVersion7().ToString("N");
        sessions[id] = session;
        context.Response.Cookies.Append(SessionCookie, id, new CookieOptions { HttpOnly = true, Secure = true, SameSite = SameSiteMode.None });
        return Results.Redirect(session.SignIn.PageUrl);
    }

    private async Task<IResult> ReceiveAsync(HttpContext context)
    {
        var form = await context.Request.ReadFormAsync();
        posts.Enqueue(form);
        if (Instead is not null)
        {
            return await Instead();
        }

        if (!sessions.TryGetValue(context.Request.Cookies[SessionCookie] ?? "", out var session))
        {
            return Results.Text("There is no session.", statusCode: StatusCodes.Status403Forbidden);
        }

        if (await FindFaultAsync(session, form["signature"].ToString()) is { } fault)
        {
            return Results.Redirect($"{session.SignIn.PageUrl}&error_code={fault}");
        }

        session.IsSignedIn = true;
        return Results.Redirect(HomeUrl);
    }

    /// <returns>Null if the result is the one for this session.</returns>
    private async Task<string?> FindFaultAsync(Session session, string signature)
    {
        var keys = new JsonWebKeySet(await Server.Http.GetStringAsync("/.well-known/jwks.json"));
        var result = await new JsonWebTokenHandler().ValidateTokenAsync(signature, new TokenValidationParameters
        {
            IssuerSigningKeys = keys.GetSigningKeys(),
            ValidAlgorithms = [SecurityAlgorithms.RsaSha256],
            ValidIssuer = Server.Url + "/",
            ValidAudience = application.ClientId,
            RequireExpirationTime = true,
            LifetimeValidator = (_, expires, _, _) => expires > Server.Clock.GetUtcNow().UtcDateTime,
        });
        return !result.IsValid ? "loginTokenInvalidSignature"
            : LosesNonce || !session.Nonce.Equals(result.Claims["nonce"]) ? "guardianInvalidNonce"
            : !session.SignIn.Id.Equals(result.Claims["txid"]) || !session.UserId.Equals(result.Claims["sub"]) ? "guardianInvalidToken"
            : !"ok".Equals(result.Claims["status"]) ? "invalidLoginTokenStatus"
            : (await application.RedeemAsync(session.SignIn, signature)).Status != HttpStatusCode.OK ? "loginTokenTransactionExpired"
            : null;
    }

    private IResult ShowHome(HttpContext context) =>
        sessions.TryGetValue(context.Request.Cookies[SessionCookie] ?? "", out var session) && session.IsSignedIn
            ? Results.Text("Signed in as " + session.UserId)
            : Results.Text("Not signed in.", statusCode: StatusCodes.Status403Forbidden);

    private sealed record Session(string UserId, string Nonce, SignInStart SignIn)
    {
        public bool IsSignedIn { get; set; }
    }
}
