using Microsoft.Playwright;
using Sallyport.Browser.Tests.Hosting;
using Sallyport.Protocols.Otp;
using Sallyport.Server.Administrators;
using Sallyport.Server.Audit;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;
using static Microsoft.Playwright.Assertions;

namespace Sallyport.Browser.Tests;

/// <summary>The dashboard in a browser, from the invitation of the first administrator on. Saves pictures, see <see cref="Screenshots"/>.</summary>
public sealed class DashboardTests
{
    [Fact]
    public async Task The_first_administrator_signs_in_finds_a_user_and_the_invitation_enrolls_that_user()
    {
        await using var scene = await Scene.StartAsync();
        await using var visitor = await Visitor.OpenAsync(scene.InvitationUrl);
        await scene.AcceptInvitationAsync(visitor);

        await visitor.Page.Keyboard.PressAsync("/");
        await visitor.Page.Keyboard.TypeAsync("dora");
        await visitor.Page.Keyboard.PressAsync("Enter");
        await visitor.Page.Locator(".row-link").ClickAsync();
        await visitor.Page.GetByRole(AriaRole.Link, new() { Name = "Invite to enroll" }).ClickAsync();
        await visitor.Page.GetByLabel("Show me the link").CheckAsync();
        await visitor.Page.GetByLabel("Language").SelectOptionAsync("German");
        await visitor.Button("Invite").ClickAsync();
        var link = await visitor.Page.GetByLabel("Link").InputValueAsync();
        await visitor.Button("Copy").ClickAsync();
        await Expect(visitor.Button("Copied")).ToBeVisibleAsync();

        await using var person = await Visitor.OpenAsync(link);
        await person.ExpectScreenAsync("totpEnrollment");
        (await person.Page.Locator("html").GetAttributeAsync("lang")).ShouldBe("de");
        await person.Page.GotoAsync(link.Replace("ui_locales=de", "ui_locales=en", StringComparison.Ordinal));
        await scene.EnrollAsync(person);

        await visitor.Page.GetByRole(AriaRole.Link, new() { Name = "Back to the user" }).First.ClickAsync();
        await Expect(visitor.Page.GetByText("Authenticator app").First).ToBeVisibleAsync();
        await Expect(visitor.Page.GetByText("Enrollment complete")).ToBeVisibleAsync();
        visitor.Violations.ShouldBeEmpty();
        visitor.Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_script_on_the_origin_of_the_dashboard_reads_no_page_and_keeps_no_window()
    {
        await using var scene = await Scene.StartAsync();
        await using var visitor = await Visitor.OpenAsync(scene.InvitationUrl);
        await scene.AcceptInvitationAsync(visitor);

        await visitor.Page.GotoAsync(scene.Server.Url + "/health/ready");
        var text = await visitor.Page.EvaluateAsync<string>("() => fetch('/dashboard/users').then((response) => response.text())");
        text.ShouldContain("This page can only be opened in a browser window");
        text.ShouldNotContain("form_token");
        var framed = await visitor.Page.EvaluateAsync<bool>("""
            () => new Promise((resolve) => {
              const frame = document.createElement('iframe');
              frame.src = '/dashboard/users';
              frame.onload = () => { try { resolve(Boolean(frame.contentDocument?.querySelector('form'))); } catch { resolve(false); } };
              document.body.append(frame);
            })
            """);
        framed.ShouldBeFalse();
        var popup = await visitor.Page.RunAndWaitForPopupAsync(() => visitor.Page.EvaluateAsync("() => { window.opened = window.open('/dashboard/users'); }"));
        await Expect(popup.Locator("h1")).ToHaveTextAsync("Users");
        (await visitor.Page.EvaluateAsync<bool>("() => { try { return Boolean(window.opened.document.querySelector('form')); } catch { return false; } }")).ShouldBeFalse();
    }

    [Theory]
    [InlineData("desktop", ColorScheme.Light)]
    [InlineData("desktop", ColorScheme.Dark)]
    [InlineData("phone", ColorScheme.Light)]
    [InlineData("phone", ColorScheme.Dark)]
    public async Task Every_page_fits_is_accessible_and_works_with_the_keyboard(string device, ColorScheme scheme)
    {
        await using var scene = await Scene.StartAsync();
        var options = device == "desktop" ? Devices.Desktop(scheme) : Devices.Phone(scheme);
        await using var visitor = await Visitor.OpenAsync(scene.Server.Url + "/dashboard", options);
        var walk = new DashboardWalk(visitor, $"{device}-{scheme}".ToLowerInvariant());
        await walk.CheckAsync("sign-in");
        await visitor.Page.GotoAsync(scene.InvitationUrl);
        await walk.CheckAsync("invitation");
        await scene.AcceptInvitationAsync(visitor);
        await walk.CheckAsync("users");
        var ann = "/users/" + Uri.EscapeDataString(await scene.CreateBusyUserAsync());
        var other = "/administrators/" + Uri.EscapeDataString((await DashboardVisitor.InviteAsync(scene.Server)).Visitor.UserId);
        foreach (var (path, name) in new[]
        {
            ("/users?q=nobody", "users-none"), ("/users?q=bad:(", "users-fault"), ("/users/new", "user-new"), (ann, "user"), (ann + "/log", "user-log"),
            (ann + "/invite", "user-invite"), (ann + "/delete", "user-delete"), (ann + "/explain?client=" + TestServer.ClientId, "user-explain"),
            ("/administrators", "administrators"), ("/administrators/new", "administrator-new"), (other, "administrator"), (other + "/remove", "administrator-remove"),
            ("/sessions", "sessions"), ("/users/auth0%7Cnobody", "not-found"),
        })
        {
            await visitor.Page.GotoAsync($"{scene.Server.Url}/dashboard{path}");
            await walk.CheckAsync(name, keyboard: device == "desktop");
        }

        if (device == "phone")
        {
            await visitor.Button("Menu").ClickAsync();
            await Expect(visitor.Page.GetByRole(AriaRole.Link, new() { Name = "Administrators" })).ToBeVisibleAsync();
            await walk.CheckAsync("menu", keyboard: false);
        }

        walk.Problems.ShouldBeEmpty();
        visitor.Violations.ShouldBeEmpty();
        visitor.Errors.ShouldBeEmpty();
    }

    /// <summary>A server with some users, and the invitation of the first administrator.</summary>
    private sealed record Scene(TestServer Server, string InvitationUrl) : IAsyncDisposable
    {
        public static async Task<Scene> StartAsync()
        {
            var server = await TestServer.StartAsync(Engine.Sqlite);
            server.Clock.Set(TimeProvider.System.GetUtcNow());
            var management = new ManagementApi(server);
            await management.SendAsync(HttpMethod.Patch, "/tenants/settings", new { enabled_locales = new[] { "en", "de" } });
            foreach (var name in new[] { "ann.lee", "bob.stone", "carl-maria.from-a-very-long-address-that-does-not-fit", "dora" })
            {
                await management.CreateUserAsync(name + "@example.com");
            }

            var invite = (InviteAdministrator)server.Services.GetService(typeof(InviteAdministrator))!;
            var url = await server.Database.WriteAsync(
                unit => invite.InviteFirstAsync(unit, CallContext.ServedTenant, "olga.owner@example.com", CancellationToken.None), CancellationToken.None);
            return new Scene(server, url!);
        }

        /// <summary>Sets a password and enrolls an authenticator app, as a person does.</summary>
        public async Task AcceptInvitationAsync(Visitor visitor)
        {
            await visitor.Page.GetByLabel("New password").FillAsync(DashboardVisitor.Password);
            await visitor.ClickAsync("Continue");
            await EnrollAsync(visitor);
            await visitor.ClickAsync("Continue");
            await Expect(visitor.Page.GetByRole(AriaRole.Heading, new() { Name = "Users" })).ToBeVisibleAsync();
        }

        public async Task EnrollAsync(Visitor visitor)
        {
            await visitor.ExpectScreenAsync("totpEnrollment");
            Base32.TryDecode(await visitor.SecretAsync(), out var key).ShouldBeTrue();
            await visitor.ClickAsync("Continue");
            await visitor.CodeField.FillAsync(new GuardianApi(Server).CodeOf(key));
            await visitor.ExpectScreenAsync("reportRecoveryCode");
            await visitor.Checkbox.CheckAsync();
            await visitor.ClickAsync("Continue");
            await visitor.ExpectScreenAsync("enrollmentCongrats");
        }

        /// <returns>The id of a user with a factor, an open invitation and long values.</returns>
        public async Task<string> CreateBusyUserAsync()
        {
            var person = await Person.CreateAsync(Server);
            await person.EnrollAsync();
            await person.NewTicketAsync(allowMultiple: true);
            await person.Management.SendAsync(HttpMethod.Patch, person.UserPath, new
            {
                name = "Ann-Sophie Lee of a long name " + new string('x', 80),
                user_metadata = new { department = "engineering", note = new string('y', 200) },
            });
            await person.Management.SendAsync(HttpMethod.Post, person.UserPath + "/authentication-methods", new
            {
                type = "phone",
                name = "Work phone",
                phone_number = "+15005550006",
                preferred_authentication_method = "sms",
            });
            return person.UserId;
        }

        public async ValueTask DisposeAsync() => await Server.DisposeAsync();
    }
}
