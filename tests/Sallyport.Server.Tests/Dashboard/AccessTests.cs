using System.Net;
using Sallyport.Server.Administrators;
using Sallyport.Server.Dashboard;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Dashboard;

/// <summary>Who may call which route. The routes come from the routing table, so a new one is covered as soon as it is mapped.</summary>
public sealed class AccessTests(Servers servers) : IClassFixture<Servers>
{
    /// <summary>Everything without a session. A further route needs a reason.</summary>
    private static readonly string[] Open =
    [
        "GET /dashboard/invitation", "GET /dashboard/sign-in", "POST /dashboard/invitation", "POST /dashboard/sign-in", "POST /dashboard/sign-in/finish",
    ];

    [Theory, Engines]
    public async Task Every_route_declares_a_role_except_sign_in_and_invitation(Engine engine)
    {
        var routes = List(await servers.GetAsync(engine));

        routes.Count.ShouldBeGreaterThan(8, "The test examined too little.");
        routes.Where(route => Access(route) is null).ShouldBeEmpty();
        routes.Where(route => Access(route)!.Role is null && route.Method != "HEAD").Select(route => route.ToString()).Order(StringComparer.Ordinal).ShouldBe(Open);
    }

    [Theory, Engines]
    public async Task Without_a_session_every_route_leads_to_the_sign_in(Engine engine)
    {
        var server = await servers.GetAsync(engine);
        var visitor = (await DashboardVisitor.InviteAsync(server)).Visitor;

        foreach (var route in List(server).Where(route => Access(route)!.Role is not null))
        {
            var answer = await SendAsync(visitor, route, token: "");

            answer.Status.ShouldBe(HttpStatusCode.SeeOther, $"{route}: {answer.Text}");
            answer.Location!.ShouldStartWith("/dashboard/sign-in", Case.Sensitive, route.ToString());
        }
    }

    [Theory, Engines]
    public async Task Each_role_may_call_exactly_the_routes_that_declare_it_or_a_lower_one(Engine engine)
    {
        var server = await servers.GetAsync(engine);
        foreach (var role in AdministratorRoles.All)
        {
            foreach (var route in List(server).Where(route => Access(route)!.Role is not null))
            {
                // A route may end the session, so each gets a session of its own where it is let in.
                var isAllowed = role >= Access(route)!.Role;
                var visitor = await VisitorAsync(server, role, isFresh: isAllowed && route.Method == "POST");
                var answer = await SendAsync(visitor, route, await visitor.FormTokenAsync());

                (answer.Status == HttpStatusCode.Forbidden).ShouldBe(!isAllowed, $"{role} {route}: {answer.Status} {answer.Text}");
                ((int)answer.Status).ShouldBeLessThan(500, $"{role} {route}");
            }
        }
    }

    [Theory, Engines]
    public async Task An_attempt_at_what_a_role_does_not_allow_is_in_the_log_with_its_actor(Engine engine)
    {
        var server = await servers.GetAsync(engine);
        var visitor = await DashboardVisitor.CreateAsync(server, AdministratorRole.Editor);

        var refused = await visitor.OpenAsync("/dashboard/administrators");

        refused.Status.ShouldBe(HttpStatusCode.Forbidden);
        refused.Text.ShouldContain("Your role does not allow this");
        refused.Text.ShouldNotContain("href=\"/dashboard/administrators\"");
        var details = await DetailsAsync(server, visitor.UserId, "fapi");
        details.ShouldContain("\"channel\":\"dashboard\"");
        details.ShouldContain($"\"user_id\":\"{visitor.UserId}\"");
        details.ShouldContain("\"path\":\"/dashboard/administrators\"");
    }

    [Theory, Engines]
    public async Task A_form_that_was_not_sent_from_the_dashboard_changes_nothing(Engine engine)
    {
        var server = await servers.GetAsync(engine);
        var visitor = await DashboardVisitor.CreateAsync(server);
        var token = await visitor.FormTokenAsync();
        var foreign = await (await DashboardVisitor.CreateAsync(server)).FormTokenAsync();
        (string Name, string Value)[][] headers =
        [
            [("Sec-Fetch-Site", "cross-site")], [("Sec-Fetch-Site", "same-site")], [("Sec-Fetch-Site", "none")],
            [("Origin", "https://evil.example")], [("Origin", "null")],
        ];

        foreach (var route in List(server).Where(route => route.Method == "POST" && !Access(route)!.IsResult))
        {
            foreach (var wrong in new[] { "", "x", foreign, token[..^1] + (token[^1] == '0' ? '1' : '0'), "." })
            {
                await ShouldRefuseAsync(visitor, route, wrong, []);
            }

            foreach (var sent in headers.Where(_ => Access(route)!.Role is not null))
            {
                await ShouldRefuseAsync(visitor, route, token, sent);
            }
        }

        (await visitor.OpenAsync("/dashboard")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Theory, Engines]
    public async Task A_script_cannot_read_a_page(Engine engine)
    {
        var server = await servers.GetAsync(engine);
        var visitor = await DashboardVisitor.CreateAsync(server);
        foreach (var route in List(server).Where(route => route.Method == "GET"))
        {
            foreach (var mode in new[] { "cors", "same-origin", "no-cors" })
            {
                var answer = await SendAsync(visitor, route, token: "", ("Sec-Fetch-Mode", mode), ("Sec-Fetch-Site", "same-origin"));

                answer.Status.ShouldBe(HttpStatusCode.Forbidden, $"{route} {mode}");
                answer.Text.ShouldNotContain("form_token");
            }
        }
    }

    [Theory, Engines]
    public async Task Every_page_forbids_inline_scripts_frames_and_windows_that_opened_it(Engine engine)
    {
        var server = await servers.GetAsync(engine);
        await DashboardVisitor.CreateAsync(server);
        foreach (var route in List(server).Where(route => route.Method == "GET"))
        {
            var answer = await server.GetAsync(route.PathWith("sallyport%7Cnobody"));

            answer.Header("Content-Security-Policy").ShouldBe(DashboardHeaders.Policy);
            answer.Header("Content-Security-Policy").ShouldNotContain("unsafe");
            answer.Header("Cross-Origin-Opener-Policy").ShouldBe("noopener-allow-popups");
            answer.Header("X-Frame-Options").ShouldBe("DENY");
            answer.Header("Cache-Control").ShouldBe("no-store");
        }
    }

    private readonly Dictionary<AdministratorRole, DashboardVisitor> visitors = [];

    private async Task<DashboardVisitor> VisitorAsync(TestServer server, AdministratorRole role, bool isFresh)
    {
        if (!isFresh && visitors.TryGetValue(role, out var known))
        {
            return known;
        }

        var visitor = await DashboardVisitor.CreateAsync(server, role);
        return isFresh ? visitor : visitors[role] = visitor;
    }

    private static async Task ShouldRefuseAsync(DashboardVisitor visitor, MappedEndpoint route, string token, (string Name, string Value)[] headers)
    {
        var answer = await SendAsync(visitor, route, token, headers);

        answer.Status.ShouldBe(HttpStatusCode.BadRequest, $"{route} {token} {string.Join(' ', headers)}: {answer.Text}");
        answer.Text.ShouldContain("This form is no longer valid");
    }

    private static async Task<BrowserAnswer> SendAsync(
        DashboardVisitor visitor, MappedEndpoint route, string token, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(new HttpMethod(route.Method), route.PathWith("sallyport%7Cnobody"));
        if (route.Method == "POST")
        {
            request.Content = new FormUrlEncodedContent([KeyValuePair.Create("form_token", token)]);
        }

        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await visitor.Browser.SendAsync(request);
    }

    private static async Task<string> DetailsAsync(TestServer server, string userId, string type) =>
        (await server.Database.QueryAsync(
            new Statement("SELECT details FROM log WHERE user_id = @user_id AND type = @type", ("user_id", userId), ("type", type)),
            row => row.GetString(0),
            CancellationToken.None)).ShouldHaveSingleItem();

    private static IReadOnlyList<MappedEndpoint> List(TestServer server) =>
        [.. MappedEndpoint.List(server).Where(route => route.Pattern == "/dashboard" || route.Pattern.StartsWith("/dashboard/", StringComparison.Ordinal))];

    private static DashboardAccess? Access(MappedEndpoint route) => route.Endpoint.Metadata.GetMetadata<DashboardAccess>();
}
