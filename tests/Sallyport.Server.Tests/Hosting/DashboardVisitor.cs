using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Sallyport.Server.Administrators;
using Sallyport.Server.Audit;

namespace Sallyport.Server.Tests.Hosting;

/// <summary>An administrator with a browser. Forms are sent as the page shows them, with their hidden token.</summary>
internal sealed partial class DashboardVisitor
{
    public const string Password = "four words that nobody guesses";

    private DashboardVisitor(TestServer server, string email) => (Server, Email, Browser) = (server, email, new Browser(server));

    public TestServer Server { get; }

    public string Email { get; }

    public Browser Browser { get; private set; }

    public string UserId { get; private set; } = "";

    /// <summary>The key of the authenticator app.</summary>
    public byte[] Secret { get; private set; } = [];

    private GuardianApi Guardian => new(Server);

    /// <summary>An administrator who has signed in by an invitation.</summary>
    public static async Task<DashboardVisitor> CreateAsync(TestServer server, AdministratorRole role = AdministratorRole.Owner)
    {
        var (visitor, url) = await InviteAsync(server, role);
        await visitor.AcceptAsync(url);
        return visitor;
    }

    /// <summary>An administrator whom the configuration names, with <see cref="Password"/>.</summary>
    public static DashboardVisitor Configured(TestServer server, string email) => new(server, email);

    /// <returns>An administrator who has not signed in, and the link of the invitation.</returns>
    public static async Task<(DashboardVisitor Visitor, string Url)> InviteAsync(TestServer server, AdministratorRole role = AdministratorRole.Owner)
    {
        var visitor = new DashboardVisitor(server, $"admin-{Guid.CreateVersion7():N}@example.com");
        var (outcome, url) = await server.Services.GetRequiredService<InviteAdministrator>().RunAsync(
            CallContext.Internal(CallChannel.CommandLine), visitor.Email, role, CancellationToken.None);
        outcome.ShouldBe(InviteOutcome.Invited);
        visitor.UserId = await visitor.FindUserIdAsync();
        return (visitor, url!);
    }

    public async Task<string> FindUserIdAsync() =>
        (await Server.Services.GetRequiredService<ManageAdministrators>().ListAsync(CallContext.ServedTenant, CancellationToken.None))
        .Single(administrator => administrator.Email.Equals(Email, StringComparison.OrdinalIgnoreCase)).UserId;

    /// <summary>The same administrator in another browser, without a session.</summary>
    public DashboardVisitor InAnotherBrowser() => new(Server, Email) { UserId = UserId, Secret = Secret };

    /// <summary>Sets the password and enrolls an authenticator app.</summary>
    public async Task AcceptAsync(string invitationUrl)
    {
        var asked = await SendFormAsync(new Uri(invitationUrl).PathAndQuery, "/dashboard/invitation", ("password", Password));
        await EnrollAsync(asked);
    }

    /// <summary>Enrolls an authenticator app in a sign-in that asks for one.</summary>
    public async Task EnrollAsync(BrowserAnswer asked)
    {
        asked.Status.ShouldBe(HttpStatusCode.SeeOther, asked.Text);
        var flow = await StartAsync(asked);
        Secret = flow.Secret;
        (await Guardian.VerifyAsync(flow, Guardian.CodeOf(flow))).ShouldBe(HttpStatusCode.OK);
        (await FinishAsync(flow)).Location.ShouldBe("/dashboard");
    }

    public async Task SignInAsync(int stepsAhead = 1)
    {
        var flow = await StartAsync(await SendPasswordAsync(Password));
        (await Guardian.VerifyAsync(flow, Guardian.CodeOf(Secret, stepsAhead))).ShouldBe(HttpStatusCode.OK);
        (await FinishAsync(flow)).Location.ShouldBe("/dashboard");
    }

    public Task<BrowserAnswer> SendPasswordAsync(string password) =>
        SendFormAsync("/dashboard/sign-in", "/dashboard/sign-in", ("email", Email), ("password", password));

    public async Task<Flow> StartAsync(BrowserAnswer asked) =>
        new((await Guardian.SendAsync("start-flow", "Bearer " + asked.Query("request_token"))).ShouldBe(HttpStatusCode.Created));

    /// <summary>Posts the signed result, as the page of the second factor does.</summary>
    public async Task<BrowserAnswer> FinishAsync(Flow flow) =>
        await Browser.PostAsync("/dashboard/sign-in/finish", ("signature", (string)(await Guardian.GetStateAsync(flow))["token"]!));

    public Task<BrowserAnswer> OpenAsync(string path) => Browser.OpenAsync(path);

    /// <summary>Opens a page and sends a form from it.</summary>
    /// <param name="page">The page that shows the form; its token is sent along, and its hidden fields.</param>
    public async Task<BrowserAnswer> SendFormAsync(string page, string action, params (string Name, string Value)[] fields)
    {
        var shown = await Browser.OpenAsync(page);
        shown.Status.ShouldBe(HttpStatusCode.OK, shown.Text);
        var form = Form().Matches(shown.Text).First(match => WebUtility.HtmlDecode(match.Groups["action"].Value) == action).Groups["content"].Value;
        var hidden = Hidden().Matches(form).Select(match => (match.Groups[1].Value, WebUtility.HtmlDecode(match.Groups[2].Value)));
        return await Browser.PostAsync(action, [.. hidden.Where(field => fields.All(sent => sent.Name != field.Item1)), .. fields]);
    }

    /// <summary>A token of a form in this session.</summary>
    public async Task<string> FormTokenAsync() => Token().Match((await Browser.OpenAsync("/dashboard")).Text).Groups[1].Value;

    [GeneratedRegex("<form method=\"post\" action=\"(?<action>[^\"]+)\"[^>]*>(?<content>.*?)</form>", RegexOptions.Singleline)]
    private static partial Regex Form();

    [GeneratedRegex("<input type=\"hidden\" name=\"([^\"]+)\" value=\"([^\"]*)\"")]
    private static partial Regex Hidden();

    [GeneratedRegex("name=\"form_token\" value=\"([^\"]+)\"")]
    private static partial Regex Token();
}
