using System.Security.Claims;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Sallyport.Server.Tests.Hosting;

/// <summary>
/// An application that uses the OpenID Connect handler of ASP.NET Core, unmodified, for the second factor, or for both. It is
/// on another site than the server (<c>localhost</c>), so browsers send its cookies with a form only if they are meant for that.
/// </summary>
internal sealed class AspNetRelyingParty : IAsyncDisposable
{
    private const string CallbackPath = "/signin-oidc";

    private readonly WebApplication app;

    private AspNetRelyingParty(WebApplication app, TestServer server, string url) => (this.app, Server, Url) = (app, server, url);

    public TestServer Server { get; }

    public string Url { get; }

    public string HomeUrl => Url + "/home";

    /// <param name="responseMode">How the browser brings the code.</param>
    /// <param name="isSecure">Uses TLS. Browsers do not need it on <c>localhost</c>, other clients send the handler's cookies only then.</param>
    /// <param name="checksPassword">The application has checked the password. Otherwise Sallyport asks for it.</param>
    public static async Task<AspNetRelyingParty> StartAsync(TestServer server, string responseMode, bool isSecure = false, bool checksPassword = true)
    {
        server.Clock.Set(TimeProvider.System.GetUtcNow());
        server.Clock.Run();
        var url = $"{(isSecure ? "https" : "http")}://localhost:{Ports.Free()}";
        var client = await RelyingParty.CreateAsync(server, new()
        {
            ["callbacks"] = new JsonArray(url + CallbackPath),
            ["client_metadata"] = new JsonObject { ["first_factor"] = checksPassword ? "application" : "password" },
        });
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(url).UseKestrelHttpsConfiguration();
        builder.Configuration.AddInMemoryCollection(TestCertificate.Settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)));
        builder.Services.AddDataProtection().UseEphemeralDataProtectionProvider();
        builder.Services.AddAuthorization();
        builder.Services.AddAuthentication(options =>
            {
                options.DefaultScheme = CookieAuthenticationDefaults.AuthenticationScheme;
                options.DefaultChallengeScheme = OpenIdConnectDefaults.AuthenticationScheme;
            })
            .AddCookie()
            .AddOpenIdConnect(options => Configure(options, client, responseMode));
        var app = builder.Build();
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapGet("/login", () => Results.Challenge(new AuthenticationProperties { RedirectUri = "/home" }));
        app.MapGet("/home", ShowHome).RequireAuthorization();
        await app.StartAsync();
        return new AspNetRelyingParty(app, server, url);
    }

    /// <summary>For an application that lets Sallyport ask for the password.</summary>
    public string LoginUrlIn(string language) => $"{Url}/login?ui_locales={language}";

    public string LoginUrl(Person person) => $"{Url}/login?userId={Uri.EscapeDataString(person.UserId)}";

    public async ValueTask DisposeAsync() => await app.DisposeAsync();

    private static void Configure(OpenIdConnectOptions options, RelyingParty client, string responseMode)
    {
        options.Authority = client.Server.Url;
        options.ClientId = client.ClientId;
        options.ClientSecret = client.Secret;
        options.ResponseType = "code";
        options.ResponseMode = responseMode;
        options.PushedAuthorizationBehavior = PushedAuthorizationBehavior.Require;
        options.GetClaimsFromUserInfoEndpoint = true;
        options.MapInboundClaims = false;
        options.Scope.Add("email");
        options.RequireHttpsMetadata = false;
        options.BackchannelHttpHandler = TestCertificate.CreateHandler();
        options.Events.OnRedirectToIdentityProvider = context =>
        {
            context.ProtocolMessage.LoginHint = context.Request.Query["userId"];
            context.ProtocolMessage.UiLocales = context.Request.Query["ui_locales"];
            return Task.CompletedTask;
        };
        options.Events.OnRemoteFailure = context =>
        {
            context.HandleResponse();
            return context.Response.WriteAsync("Refused: " + context.Failure!.Message);
        };
    }

    private static string ShowHome(ClaimsPrincipal user) =>
        $"Signed in as {user.FindFirstValue("sub")} with {string.Join('+', user.FindAll("amr").Select(claim => claim.Value))}";
}
