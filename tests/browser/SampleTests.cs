using Microsoft.Playwright;
using Sallyport.Browser.Tests.Hosting;
using Sallyport.Protocols.Otp;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;
using static Microsoft.Playwright.Assertions;

namespace Sallyport.Browser.Tests;

/// <summary>The applications in <c>samples</c>, as a person uses them.</summary>
public sealed class SampleTests(Servers servers) : IClassFixture<Servers>
{
    [Fact]
    public async Task A_person_enrolls_with_the_guardian_js_sample_and_then_signs_in_only_with_a_code()
    {
        var server = await servers.GetAsync(Engine.Sqlite);
        server.Clock.Set(TimeProvider.System.GetUtcNow());
        await using var sample = await Sample.StartAsync("guardian-js", server);
        await using var visitor = await Visitor.OpenAsync();

        await LogInAsync(visitor, sample);
        await Expect(visitor.Page.Locator("#key")).Not.ToBeEmptyAsync();
        Base32.TryDecode(await visitor.Page.Locator("#key").TextContentAsync(), out var key).ShouldBeTrue();
        await Expect(visitor.Page.GetByRole(AriaRole.Img, new() { Name = "QR code" })).ToBeVisibleAsync();
        var guardian = new GuardianApi(server);
        await SendAsync(visitor, guardian.CodeOf(key, 5));
        await Expect(visitor.Page.GetByText("That code is not right.")).ToBeVisibleAsync();
        await SendAsync(visitor, guardian.CodeOf(key));
        await visitor.ClickAsync("I have saved it, continue");
        await Expect(visitor.Page.GetByText("Signed in as ada@example.com")).ToBeVisibleAsync();

        await LogInAsync(visitor, sample);
        await Expect(visitor.CodeField).ToBeVisibleAsync();
        await visitor.Page.EvaluateAsync("() => document.getElementById('done').submit()");
        await Expect(visitor.Page.GetByText("Please sign in again.")).ToBeVisibleAsync();

        await LogInAsync(visitor, sample);
        await SendAsync(visitor, guardian.CodeOf(key));
        await Expect(visitor.Page.GetByText("That code is not right.")).ToBeVisibleAsync();
        await SendAsync(visitor, guardian.CodeOf(key, 1));

        await Expect(visitor.Page.GetByText("Signed in as ada@example.com")).ToBeVisibleAsync();
        visitor.Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_person_enrolls_by_ticket_with_the_ASP_NET_Core_sample_and_then_signs_in_only_with_a_code()
    {
        var server = await servers.GetAsync(Engine.Sqlite);
        server.Clock.Set(TimeProvider.System.GetUtcNow());
        await using var sample = await Sample.StartAsync("aspnet-core", server);
        await using var visitor = await Visitor.OpenAsync();
        var guardian = new GuardianApi(server);

        await LogInAsync(visitor, sample);
        var application = visitor.Page;
        await visitor.FollowAsync("Set up a second factor");
        await visitor.ExpectScreenAsync("totpEnrollment");
        Base32.TryDecode(await visitor.SecretAsync(), out var key).ShouldBeTrue();
        await visitor.ClickAsync("Continue");
        await visitor.CodeField.FillAsync(guardian.CodeOf(key));
        await visitor.ExpectScreenAsync("reportRecoveryCode");
        await application.GetByRole(AriaRole.Link, new() { Name = "Sign in again" }).ClickAsync();
        await Expect(application.GetByLabel("Password")).ToBeVisibleAsync();

        await LogInAsync(visitor, sample);
        await visitor.ExpectScreenAsync("totpAuth");
        await visitor.Page.GotoAsync(sample.Url);
        await Expect(visitor.Page.GetByLabel("Password")).ToBeVisibleAsync();

        await LogInAsync(visitor, sample);
        await visitor.ExpectScreenAsync("totpAuth");
        var form = visitor.Page.WaitForRequestAsync(sample.Url + "/mfa-result");
        await visitor.CodeField.FillAsync(guardian.CodeOf(key, 1));
        await Expect(visitor.Page.GetByText("Signed in as grace@example.com")).ToBeVisibleAsync();
        visitor.Errors.ShouldBeEmpty();
        await ShouldNotSignInAgainAsync(sample, (await form).PostData!);
    }

    [Fact]
    public async Task A_person_signs_in_to_the_Express_sample_through_OpenID_Connect_with_password_and_code()
    {
        var server = await servers.GetAsync(Engine.Sqlite);
        server.Clock.Set(TimeProvider.System.GetUtcNow());
        await using var sample = await Sample.StartAsync("express-openid", server);
        await using var visitor = await Visitor.OpenAsync();
        var guardian = new GuardianApi(server);

        await LogInAtSallyportAsync(visitor, sample);
        await visitor.ExpectScreenAsync("totpEnrollment");
        Base32.TryDecode(await visitor.SecretAsync(), out var key).ShouldBeTrue();
        await visitor.ClickAsync("Continue");
        await visitor.CodeField.FillAsync(guardian.CodeOf(key));
        await visitor.ExpectScreenAsync("reportRecoveryCode");
        await visitor.Checkbox.CheckAsync();
        await visitor.ClickAsync("Continue");
        await visitor.ExpectScreenAsync("enrollmentCongrats");
        await visitor.ClickAsync("Continue");
        await Expect(visitor.Page.GetByText("Signed in as joan@example.com")).ToBeVisibleAsync();
        await visitor.ClickAsync("Sign out");

        await LogInAtSallyportAsync(visitor, sample);
        await visitor.ExpectScreenAsync("totpAuth");
        await visitor.Page.GotoAsync(sample.Url);
        await Expect(visitor.Button("Sign in")).ToBeVisibleAsync();

        await LogInAtSallyportAsync(visitor, sample);
        await visitor.ExpectScreenAsync("totpAuth");
        var answer = visitor.Page.WaitForRequestAsync(url => url.Url.StartsWith(sample.Url + "/callback", StringComparison.Ordinal));
        await visitor.CodeField.FillAsync(guardian.CodeOf(key, 1));
        await Expect(visitor.Page.GetByText("Signed in as joan@example.com")).ToBeVisibleAsync();
        visitor.Errors.ShouldBeEmpty();

        await using var thief = await Visitor.OpenAsync((await answer).Url);
        await Expect(thief.Page.GetByText("Please sign in again.")).ToBeVisibleAsync();
        await thief.Page.GotoAsync(sample.Url);
        await Expect(thief.Button("Sign in")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_person_signs_in_to_the_Express_sample_that_checks_the_password_itself()
    {
        await using var server = await TestServer.StartAsync(Engine.Sqlite);
        server.Clock.Set(TimeProvider.System.GetUtcNow());
        await using var sample = await Sample.StartAsync("express-openid", server, ("FIRST_FACTOR", "application"));
        await using var visitor = await Visitor.OpenAsync(sample.Url);
        await visitor.Page.GetByLabel("Password").FillAsync("not the password");
        await visitor.ClickAsync("Sign in");
        await Expect(visitor.Page.GetByRole(AriaRole.Status)).ToHaveTextAsync("That is not the password.");

        await LogInAsync(visitor, sample);
        await visitor.ExpectScreenAsync("totpEnrollment");
        Base32.TryDecode(await visitor.SecretAsync(), out var key).ShouldBeTrue();
        await visitor.ClickAsync("Continue");
        await visitor.CodeField.FillAsync(new GuardianApi(server).CodeOf(key));
        await visitor.Checkbox.CheckAsync();
        await visitor.ClickAsync("Continue");
        await visitor.ClickAsync("Continue");

        await Expect(visitor.Page.GetByText("Signed in as joan@example.com")).ToBeVisibleAsync();
        visitor.Requests.ShouldNotContain(request => request.Url.Contains("/authorize/password"));
    }

    /// <summary>The same result in another browser, without a session and with one that waits for a result.</summary>
    private static async Task ShouldNotSignInAgainAsync(Sample sample, string form)
    {
        await using var thief = await Visitor.OpenAsync(sample.Url);
        await PostResultAsync(thief, form);

        await LogInAsync(thief, sample);
        await thief.ExpectScreenAsync("totpAuth");
        await thief.Page.GotoAsync(sample.Url);
        await PostResultAsync(thief, form);
    }

    private static async Task PostResultAsync(Visitor visitor, string form)
    {
        await visitor.Page.EvaluateAsync(
            """
            (fields) => {
              const form = Object.assign(document.createElement('form'), { method: 'post', action: '/mfa-result' });
              for (const [name, value] of new URLSearchParams(fields)) {
                form.append(Object.assign(document.createElement('input'), { name, value }));
              }
              document.body.append(form);
              form.submit();
            }
            """,
            form);
        await Expect(visitor.Page.GetByText("Please sign in again.")).ToBeVisibleAsync();
    }

    private static async Task LogInAtSallyportAsync(Visitor visitor, Sample sample)
    {
        await visitor.Page.GotoAsync(sample.Url);
        await visitor.ClickAsync("Sign in");
        await visitor.Page.Locator("input[name=username]").FillAsync("joan@example.com");
        await visitor.Page.Locator("input[name=password]").FillAsync("correct horse battery staple");
        await visitor.ClickAsync("Continue");
    }

    private static async Task LogInAsync(Visitor visitor, Sample sample)
    {
        await visitor.Page.GotoAsync(sample.Url);
        await visitor.Page.GetByLabel("Password").FillAsync("correct horse battery staple");
        await visitor.ClickAsync("Sign in");
    }

    private static async Task SendAsync(Visitor visitor, string code)
    {
        await visitor.CodeField.FillAsync(code);
        await visitor.ClickAsync("Continue");
    }
}
