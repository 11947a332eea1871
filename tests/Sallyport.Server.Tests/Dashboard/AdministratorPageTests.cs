using System.Net;
using System.Text.RegularExpressions;
using Sallyport.Server.Administrators;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Dashboard;

/// <summary>Owners manage administrators; everybody manages their own sessions.</summary>
public sealed partial class AdministratorPageTests(Servers servers) : IClassFixture<Servers>
{
    private const string List = "/dashboard/administrators";
    private const int Competitors = 16;

    [Theory, Engines]
    public async Task An_owner_invites_an_administrator_by_a_link_that_is_shown_once(Engine engine)
    {
        var owner = await DashboardVisitor.CreateAsync(await servers.GetAsync(engine));
        var email = $"invited-{Guid.CreateVersion7():N}@example.com";

        var shown = await owner.SendFormAsync(List + "/new", List + "/new", ("email", email), ("role", "viewer"));

        shown.Status.ShouldBe(HttpStatusCode.OK, shown.Text);
        var url = Link().Match(shown.Text).Groups[1].Value;
        (await owner.InAnotherBrowser().OpenAsync(new Uri(url).PathAndQuery)).Text.ShouldContain(email);
        (await owner.OpenAsync(List)).Text.ShouldContain(email);
        var again = await owner.SendFormAsync(List + "/new", List + "/new", ("email", email.ToUpperInvariant()), ("role", "owner"));
        again.Status.ShouldBe(HttpStatusCode.BadRequest, again.Text);
        again.Text.ShouldContain("There is an administrator with this address.");
    }

    [Theory, Engines]
    public async Task A_new_role_counts_from_the_next_request_on(Engine engine)
    {
        var server = await servers.GetAsync(engine);
        var owner = await DashboardVisitor.CreateAsync(server);
        var other = await DashboardVisitor.CreateAsync(server, AdministratorRole.Viewer);

        (await other.OpenAsync(List)).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await owner.SendFormAsync(Of(other), Of(other) + "/role", ("role", "owner"))).Location.ShouldBe(Of(other));
        (await other.OpenAsync(List)).Status.ShouldBe(HttpStatusCode.OK);
        (await owner.SendFormAsync(Of(other), Of(other) + "/role", ("role", "viewer"))).Location.ShouldBe(Of(other));

        (await other.OpenAsync(List)).Status.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Theory, Engines]
    public async Task A_removed_administrator_is_signed_out_and_cannot_sign_in(Engine engine)
    {
        var server = await servers.GetAsync(engine);
        var owner = await DashboardVisitor.CreateAsync(server);
        var other = await DashboardVisitor.CreateAsync(server, AdministratorRole.Editor);

        (await owner.SendFormAsync(Of(other) + "/remove", Of(other) + "/remove")).Location.ShouldBe(List);

        (await other.OpenAsync("/dashboard")).Location.ShouldBe("/dashboard/sign-in");
        (await other.InAnotherBrowser().SendPasswordAsync(DashboardVisitor.Password)).Status.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Theory, Engines]
    public async Task A_reset_ends_the_sessions_and_leads_to_a_new_enrollment(Engine engine)
    {
        var server = await servers.GetAsync(engine);
        var owner = await DashboardVisitor.CreateAsync(server);
        var other = await DashboardVisitor.CreateAsync(server, AdministratorRole.Support);

        var shown = await owner.SendFormAsync(Of(other) + "/reset", Of(other) + "/reset");

        (await other.OpenAsync("/dashboard")).Location.ShouldBe("/dashboard/sign-in");
        var again = other.InAnotherBrowser();
        await again.AcceptAsync(Link().Match(shown.Text).Groups[1].Value);
        (await again.OpenAsync("/dashboard")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Theory, Engines]
    public async Task The_last_owner_keeps_the_role_even_if_two_owners_remove_each_other_at_once(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var owner = await DashboardVisitor.CreateAsync(server);
        (await owner.SendFormAsync(Of(owner), Of(owner) + "/role", ("role", "viewer"))).Status.ShouldBe(HttpStatusCode.Conflict);
        (await owner.SendFormAsync(Of(owner) + "/remove", Of(owner) + "/remove")).Text.ShouldContain("This is the last owner");
        // One who has not signed in could never do so, so does not count.
        await DashboardVisitor.InviteAsync(server);
        (await owner.SendFormAsync(Of(owner), Of(owner) + "/role", ("role", "viewer"))).Status.ShouldBe(HttpStatusCode.Conflict);

        var other = await DashboardVisitor.CreateAsync(server);
        var (first, second) = (await owner.FormTokenAsync(), await other.FormTokenAsync());
        await Task.WhenAll(Enumerable.Range(0, Competitors).Select(i => i % 2 == 0
            ? owner.Browser.PostAsync(Of(other) + "/role", ("form_token", first), ("role", "viewer"))
            : other.Browser.PostAsync(Of(owner) + "/role", ("form_token", second), ("role", "viewer"))));

        var owners = await server.Database.QueryAsync(
            new Statement("SELECT user_id FROM administrator WHERE role = 'owner' AND signed_in_at IS NOT NULL"), row => row.GetString(0), CancellationToken.None);
        owners.Count.ShouldBe(1);
    }

    [Theory, Engines]
    public async Task An_administrator_sees_and_ends_the_own_sessions_and_no_others(Engine engine)
    {
        var server = await servers.GetAsync(engine);
        var owner = await DashboardVisitor.CreateAsync(server);
        var phone = owner.InAnotherBrowser();
        await phone.SignInAsync();
        var stranger = await DashboardVisitor.CreateAsync(server, AdministratorRole.Viewer);

        var page = await owner.OpenAsync("/dashboard/sessions");
        var ids = Sessions().Matches(page.Text).Select(match => match.Groups[1].Value).ToList();
        ids.Count.ShouldBe(2);
        var token = await stranger.FormTokenAsync();
        foreach (var id in ids)
        {
            await stranger.Browser.PostAsync("/dashboard/sessions/end", ("form_token", token), ("session_id", id));
        }

        (await owner.OpenAsync("/dashboard")).Status.ShouldBe(HttpStatusCode.OK);
        (await phone.OpenAsync("/dashboard")).Status.ShouldBe(HttpStatusCode.OK);
        (await owner.SendFormAsync("/dashboard/sessions", "/dashboard/sessions/end", ("session_id", ""))).Location.ShouldBe("/dashboard/sessions");

        (await owner.OpenAsync("/dashboard")).Location.ShouldBe("/dashboard/sign-in");
        (await phone.OpenAsync("/dashboard")).Location.ShouldBe("/dashboard/sign-in");
    }

    private static string Of(DashboardVisitor visitor) => $"{List}/{Uri.EscapeDataString(visitor.UserId)}";

    [GeneratedRegex("value=\"([^\"]+/dashboard/invitation\\?code=[A-Za-z0-9]+)\"")]
    private static partial Regex Link();

    [GeneratedRegex("name=\"session_id\" value=\"([^\"]+)\"")]
    private static partial Regex Sessions();
}
