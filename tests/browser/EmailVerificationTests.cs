using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Sallyport.Browser.Tests.Hosting;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;
using static Microsoft.Playwright.Assertions;

namespace Sallyport.Browser.Tests;

/// <summary>The page behind the link of a verification mail. It has a button and no script.</summary>
public sealed class EmailVerificationTests
{
    [Fact]
    public async Task A_user_confirms_their_address_and_is_redirected_to_the_tenants_site()
    {
        await using var server = await TestServer.StartAsync(Engine.Sqlite);
        await using var site = await CustomerSite.StartAsync("<h1>Welcome back</h1>");
        var management = new ManagementApi(server);
        var template = new { template = "verify_email", body = "{{ url }}", from = "", subject = "x", syntax = "liquid", enabled = true, resultUrl = site.Url };
        (await management.SendAsync(HttpMethod.Post, "/email-templates", template)).ShouldBe(HttpStatusCode.OK);
        var userId = await management.CreateUserAsync();
        (await management.SendAsync(HttpMethod.Post, "/jobs/verification-email", new { user_id = userId })).ShouldBe(HttpStatusCode.Created);
        var link = (await Mail.WaitForAsync(server, 1))[0].Html;
        await using var person = await Visitor.OpenAsync(new BrowserNewContextOptions { JavaScriptEnabled = false });

        await person.Page.GotoAsync(link);
        await Expect(person.Heading).ToHaveTextAsync("Confirm your email address for Sallyport");
        await person.ClickAsync("Confirm address");

        await Expect(person.Page.GetByRole(AriaRole.Heading)).ToHaveTextAsync("Welcome back");
        person.Page.Url.ShouldMatch("^" + Regex.Escape(site.Url) + @"/\?success=true&message=");
        ((bool)(await management.GetAsync("/users/" + Uri.EscapeDataString(userId)))["email_verified"]!).ShouldBeTrue();
        await person.Page.GotoAsync(link);
        await Expect(person.Page.GetByText("This link has been used")).ToBeVisibleAsync();
    }

    [Theory]
    [InlineData("desktop", ColorScheme.Light)]
    [InlineData("desktop", ColorScheme.Dark)]
    [InlineData("phone", ColorScheme.Light)]
    [InlineData("phone", ColorScheme.Dark)]
    public async Task The_page_is_accessible_and_its_button_works_with_the_keyboard(string device, ColorScheme scheme)
    {
        await using var server = await TestServer.StartAsync(Engine.Sqlite);
        var management = new ManagementApi(server);
        (await management.SendAsync(HttpMethod.Post, "/jobs/verification-email", new { user_id = await management.CreateUserAsync() })).ShouldBe(HttpStatusCode.Created);
        var link = Regex.Match((await Mail.WaitForAsync(server, 1))[0].Text, @"http\S+").Value;
        await using var visitor = await Visitor.OpenAsync(device == "desktop" ? Devices.Desktop(scheme) : Devices.Phone(scheme));
        var problems = new List<string>();

        await visitor.Page.GotoAsync(link);
        await CheckAsync("Open");
        await visitor.Page.Keyboard.PressAsync("Tab");
        await visitor.Page.Keyboard.PressAsync("Enter");
        await CheckAsync("Verified");
        await visitor.Page.GotoAsync(link);
        await CheckAsync("Used");

        problems.ShouldBeEmpty();

        async Task CheckAsync(string state)
        {
            await Expect(visitor.Page.Locator($"[data-state={state}]")).ToBeVisibleAsync();
            await visitor.SettleAsync();
            await Screenshots.SaveAsync(visitor.Page, $"email-verification-{state}-{device}-{scheme}".ToLowerInvariant());
            problems.AddRange((await Layout.ProblemsAsync(visitor.Page)).Concat(await Accessibility.ProblemsAsync(visitor.Page)).Select(problem => $"{state}: {problem}"));
        }
    }
}
