using Microsoft.Playwright;
using Sallyport.Browser.Tests.Hosting;
using Sallyport.Server.Administrators;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;
using static Microsoft.Playwright.Assertions;

namespace Sallyport.Browser.Tests;

/// <summary>The editor of the hosted page, as a text area and as the code editor that a published server has.</summary>
public sealed class DashboardEditorTests
{
    private const string EditorPath = "/dashboard/hosted-page";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_documented_page_is_pasted_previewed_saved_used_by_a_ticket_and_reset_to_the_default(bool isPublished)
    {
        await using var server = await StartAsync(isPublished);
        await using var visitor = await OpenAsync(server, Devices.Desktop());
        var page = visitor.Page;
        await ExpectPreviewAsync(page, "totpEnrollment");
        await PasteAsync(page, isPublished, DocumentedPages.BothUses);
        await Expect(Preview(page).Locator(".greeting")).ToHaveTextAsync("ada@example.com, add your phone");
        await page.Locator("select[name=use]").SelectOptionAsync("sign-in");
        await ExpectPreviewAsync(page, "totpAuth");
        await page.GetByLabel("With an error").CheckAsync();
        await ExpectPreviewAsync(page, "generalError");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(page.Locator(".flash")).ToContainTextAsync("The page is saved.");
        await page.GetByRole(AriaRole.Button, new() { Name = "Show my page" }).ClickAsync();
        await Expect(page.Locator(".flash")).ToHaveTextAsync("People now see your page.");

        var invitation = await Invitation.CreateAsync(server);
        await using (var person = await Visitor.OpenAsync(invitation.Url))
        {
            await Expect(person.Page.Locator(".greeting")).ToHaveTextAsync($"{invitation.Email}, add your phone");
            await person.ExpectScreenAsync("totpEnrollment");
        }

        await page.GetByRole(AriaRole.Link, new() { Name = "Reset to default" }).ClickAsync();
        await Expect(page.Locator(".difference-added").First).ToBeVisibleAsync();
        await Screenshots.SaveAsync(page, $"dashboard-hosted-page-reset-{isPublished}");
        await page.GetByRole(AriaRole.Button, new() { Name = "Reset to default" }).ClickAsync();
        await ExpectPreviewAsync(page, "totpEnrollment");

        await using var other = await Visitor.OpenAsync(invitation.Url);
        await other.ExpectScreenAsync("totpEnrollment");
        await Expect(other.Page.Locator(".greeting")).ToHaveCountAsync(0);
        visitor.Errors.ShouldBeEmpty();
        visitor.Violations.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_error_is_shown_at_its_line_when_typing_stops_and_leaving_asks(bool isPublished)
    {
        await using var server = await StartAsync(isPublished);
        await using var visitor = await OpenAsync(server, Devices.Desktop());
        var page = visitor.Page;
        await ExpectPreviewAsync(page, "totpEnrollment");
        var entries = await page.EvaluateAsync<int>("() => history.length");

        await PasteAsync(page, isPublished, "<p>\n{{ userData.emial }}\n{% if ticket %}");

        await Expect(page.Locator("[data-editor-error]")).ToContainTextAsync("Line 3, column 1");
        if (isPublished)
        {
            await Expect(page.Locator(".cm-lint-marker-error")).ToHaveCountAsync(1);
        }

        await Screenshots.SaveAsync(page, $"dashboard-hosted-page-error-{isPublished}");
        await PasteAsync(page, isPublished, "<p>\n{{ userData.emial }}");
        await Expect(page.Locator("[data-editor-unknown]")).ToContainTextAsync("userData.emial");
        await Expect(page.Locator("[data-editor-error]")).ToBeEmptyAsync();
        await Expect(Preview(page).Locator("p")).ToHaveCountAsync(1);

        // Each preview has a frame of its own, so the Back button leaves the editor.
        (await page.EvaluateAsync<int>("() => history.length")).ShouldBe(entries);
        var asked = new List<string>();
        page.Dialog += async (_, dialog) =>
        {
            asked.Add(dialog.Type);
            await dialog.AcceptAsync();
        };
        await page.GetByRole(AriaRole.Link, new() { Name = "Versions" }).ClickAsync();
        await page.WaitForURLAsync("**/versions");
        asked.ShouldBe(["beforeunload"]);
        visitor.Errors.ShouldBeEmpty();
        visitor.Violations.ShouldBeEmpty();
    }

    [Fact]
    public async Task Without_scripts_a_button_shows_the_preview_and_errors_are_shown_after_saving()
    {
        await using var server = await StartAsync(isPublished: true);
        var options = Devices.Desktop();
        options.JavaScriptEnabled = false;
        await using var visitor = await OpenAsync(server, options);
        var page = visitor.Page;

        await page.GetByLabel("HTML with Liquid").FillAsync("<p>Hello {{ userData.email }}</p>");
        await page.GetByRole(AriaRole.Button, new() { Name = "Show preview" }).ClickAsync();
        await Expect(Preview(page).Locator("p")).ToHaveTextAsync("Hello ada@example.com");
        await page.GetByLabel("HTML with Liquid").FillAsync("<p>\n{{ | }}");
        await page.GetByRole(AriaRole.Button, new() { Name = "Show preview" }).ClickAsync();
        await Expect(Preview(page).Locator("p")).ToContainTextAsync("Line 2, column");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(page.Locator("[data-editor-error]")).ToContainTextAsync("Line 2, column");
        await Expect(page.GetByLabel("HTML with Liquid")).ToHaveValueAsync("<p>\n{{ | }}");
    }

    /// <summary>Whoever writes the page must not get at the session of an administrator who looks at it.</summary>
    [Fact]
    public async Task A_hostile_page_in_the_preview_reaches_neither_the_dashboard_nor_the_network()
    {
        await using var server = await StartAsync(isPublished: false);
        await using var visitor = await OpenAsync(server, Devices.Desktop());
        const string Hostile = """
            <p id="result">waiting</p>
            <script>
              const tried = [];
              const attempt = (name, act) => { try { act(); tried.push(name); } catch { } };
              attempt('cookie', () => document.cookie);
              attempt('parent', () => parent.document.body);
              attempt('leave', () => { top.location = 'https://evil.example/'; });
              attempt('popup', () => { if (!open('/dashboard')) throw 0; });
              fetch('/dashboard').then(() => tried.push('fetch'), () => {}).then(() => { document.getElementById('result').textContent = `reached: ${tried.join(' ')}`; });
            </script>
            """;

        await PasteAsync(visitor.Page, isPublished: false, Hostile);

        await Expect(Preview(visitor.Page).Locator("#result")).ToHaveTextAsync("reached: ");
        visitor.Page.Url.ShouldBe(server.Url + EditorPath);
    }

    [Theory]
    [InlineData("desktop", ColorScheme.Light)]
    [InlineData("desktop", ColorScheme.Dark)]
    [InlineData("phone", ColorScheme.Light)]
    [InlineData("phone", ColorScheme.Dark)]
    public async Task Every_page_with_an_editor_fits_and_is_accessible(string device, ColorScheme scheme)
    {
        await using var server = await StartAsync(isPublished: true);
        await using var visitor = await OpenAsync(server, device == "desktop" ? Devices.Desktop(scheme) : Devices.Phone(scheme));
        var page = visitor.Page;
        var problems = new List<string>();
        await ExpectPreviewAsync(page, "totpEnrollment");
        await CheckAsync("hosted-page");
        await page.GetByRole(AriaRole.Radio, new() { Name = "Desktop" }).CheckAsync();
        await CheckAsync("hosted-page-desktop");
        await PasteAsync(page, isPublished: true, DocumentedPages.BothUses);
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        foreach (var (path, name) in new[] { ("/versions", "versions"), ("/versions/1", "version"), ("/reset/default", "reset") })
        {
            await page.GotoAsync(server.Url + EditorPath + path);
            await CheckAsync(name);
        }

        await page.GotoAsync(server.Url + "/dashboard/emails");
        await CheckAsync("emails");
        await page.GotoAsync(server.Url + "/dashboard/emails/enrollment_email");
        await Expect(Preview(page).GetByText("Hello Ada Lovelace")).ToBeVisibleAsync();
        await CheckAsync("email");

        problems.ShouldBeEmpty();
        visitor.Errors.ShouldBeEmpty();
        visitor.Violations.ShouldBeEmpty();

        async Task CheckAsync(string name)
        {
            await Screenshots.SaveAsync(page, $"dashboard-{name}-{device}-{scheme}".ToLowerInvariant());
            problems.AddRange((await Accessibility.ProblemsAsync(page)).Select(problem => $"{name}: {problem}"));
            if (await page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth > document.documentElement.clientWidth"))
            {
                problems.Add($"{name} scrolls sideways");
            }
        }
    }

    [Fact]
    public async Task A_preview_of_a_mail_follows_the_text_the_language_and_the_format_and_loads_nothing_from_elsewhere()
    {
        await using var server = await StartAsync(isPublished: false);
        await using var visitor = await OpenAsync(server, Devices.Desktop());
        var page = visitor.Page;
        await page.GotoAsync(server.Url + "/dashboard/emails/enrollment_email");
        await Expect(Preview(page).GetByText("Hello Ada Lovelace")).ToBeVisibleAsync();

        await page.Locator("#body").FillAsync("<p style='color: red'>Dear {{ user.given_name }} {{ request_language }}<img src='https://elsewhere.example/pixel.png'></p><script>parent.stop()</script>");

        await Expect(Preview(page).Locator("p").First).ToHaveTextAsync("Dear Ada en");
        await Expect(Preview(page).Locator("p").First).ToHaveCSSAsync("color", "rgb(255, 0, 0)");
        await page.Locator("select[name=language]").SelectOptionAsync("de");
        await Expect(Preview(page).Locator("p").First).ToHaveTextAsync("Dear Ada de");
        await page.Locator("select[name=format]").SelectOptionAsync("text");
        await Expect(Preview(page).Locator("body")).ToContainTextAsync("Guten Tag Ada Lovelace");
        visitor.Requests.ShouldNotContain(request => request.Url.Contains("elsewhere.example") && request.Failure == null);
    }

    [Fact]
    public async Task The_editor_can_be_used_and_left_with_the_keyboard_alone()
    {
        await using var server = await StartAsync(isPublished: true);
        await using var visitor = await OpenAsync(server, Devices.Desktop());
        var page = visitor.Page;
        await ExpectPreviewAsync(page, "totpEnrollment");

        await visitor.TabToAsync(page.Locator(".cm-content"));
        await page.Keyboard.PressAsync("Control+End");
        await page.Keyboard.TypeAsync("<!-- / the end -->");
        await visitor.TabToAsync(page.GetByRole(AriaRole.Button, new() { Name = "Save" }));
        await page.Keyboard.PressAsync("Enter");

        await Expect(page.Locator(".flash")).ToContainTextAsync("The page is saved.");
        await Expect(page.Locator("#html")).ToHaveValueAsync(new System.Text.RegularExpressions.Regex("<!-- / the end -->$"));
    }

    private static async Task<TestServer> StartAsync(bool isPublished)
    {
        var server = isPublished ? await TestServer.StartAsync(Engine.Sqlite, await PublishedAssets.SettingAsync()) : await TestServer.StartAsync(Engine.Sqlite);
        server.Clock.Set(TimeProvider.System.GetUtcNow());
        return server;
    }

    /// <summary>A browser in which an editor is signed in, on the page with the editor.</summary>
    private static async Task<Visitor> OpenAsync(TestServer server, BrowserNewContextOptions options)
    {
        var administrator = await DashboardVisitor.CreateAsync(server, AdministratorRole.Editor);
        var visitor = await Visitor.OpenAsync(options);
        await visitor.Page.Context.AddCookiesAsync(administrator.Browser.Cookies.GetAllCookies().Select(cookie =>
            new Cookie { Name = cookie.Name, Value = cookie.Value, Url = server.Url }));
        await visitor.Page.GotoAsync(server.Url + EditorPath);
        return visitor;
    }

    private static async Task PasteAsync(IPage page, bool isPublished, string text)
    {
        if (!isPublished)
        {
            await page.Locator("#html").FillAsync(text);
            return;
        }

        await page.Locator(".cm-content").ClickAsync();
        await page.EvaluateAsync("(text) => navigator.clipboard.writeText(text)", text);
        await page.Keyboard.PressAsync("Control+a");
        await page.Keyboard.PressAsync("Control+v");
        await Expect(page.Locator("#html")).ToHaveValueAsync(text);
    }

    private static IFrameLocator Preview(IPage page) => page.FrameLocator("[data-preview]");

    private static Task ExpectPreviewAsync(IPage page, string screen) => Expect(Preview(page).Locator($"[data-screen={screen}]")).ToBeVisibleAsync();
}
