using System.Net;
using Sallyport.Browser.Tests.Hosting;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;
using static Microsoft.Playwright.Assertions;

namespace Sallyport.Browser.Tests;

/// <summary>The widget in a page of another origin that follows the published examples.</summary>
public sealed class CustomerPageTests(Servers servers) : IClassFixture<Servers>
{
    [Theory, Engines]
    public async Task A_user_enrolls_on_a_customers_own_page(Engine engine)
    {
        var invitation = await Invitation.CreateAsync(await servers.GetAsync(engine));
        await using var site = await CustomerSite.StartAsync(CustomerSite.Page(invitation.Server.Url, Options(invitation)));
        await using var visitor = await Visitor.OpenAsync(site.Url);

        await visitor.ExpectScreenAsync("totpEnrollment");
        await visitor.SettleAsync();
        await Expect(visitor.Page.Locator(".sp-tenant")).ToHaveTextAsync("Ada & Sons Bank");
        await Expect(visitor.Page.Locator(".sp-account")).ToHaveTextAsync("ada@example.com");
        var secret = await visitor.SecretAsync();
        await visitor.ClickAsync("Continue");
        await visitor.CodeField.FillAsync(invitation.WrongCodeOf(secret));
        await visitor.ExpectTextAsync("That code is not right.");
        await visitor.CodeField.FillAsync(invitation.CodeOf(secret));
        await visitor.ExpectScreenAsync("reportRecoveryCode");
        await visitor.Checkbox.CheckAsync();
        await visitor.ClickAsync("Continue");
        await visitor.ExpectScreenAsync("enrollmentCongrats");

        (await invitation.EnrollmentStatesAsync()).ShouldBe(["confirmed"]);
        (await invitation.StatusAsync()).ShouldBe(HttpStatusCode.Gone);
        visitor.Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_widget_fits_a_narrow_column_and_is_not_affected_by_the_styles_of_the_page()
    {
        const string Style = """
            body { margin: 0; padding: 24px; background: #101010; color: #0f0; font: 11px serif; text-transform: uppercase; line-height: 1; }
            #container { width: 280px; } input { width: 900px; border: 9px dotted red; } button { float: right; height: 12px; } p { margin: 40px; }
            """;
        var invitation = await Invitation.CreateAsync(await servers.GetAsync(Engine.Sqlite));
        await using var site = await CustomerSite.StartAsync(CustomerSite.Page(invitation.Server.Url, Options(invitation), Style));
        await using var visitor = await Visitor.OpenAsync(site.Url);
        var problems = new List<string>();

        await visitor.ExpectScreenAsync("totpEnrollment");
        var secret = await visitor.SecretAsync();
        await visitor.ClickAsync("Can’t scan it?");
        await CheckAsync("key");
        await visitor.ClickAsync("Continue");
        await visitor.CodeField.FillAsync(invitation.WrongCodeOf(secret));
        await visitor.ExpectTextAsync("That code is not right.");
        await CheckAsync("code");
        await visitor.CodeField.FillAsync(invitation.CodeOf(secret));
        await visitor.ExpectScreenAsync("reportRecoveryCode");
        await CheckAsync("recovery-code");

        problems.ShouldBeEmpty();
        (await visitor.Page.Locator(".sp-card").BoundingBoxAsync()).ShouldNotBeNull().Width.ShouldBe(280);

        async Task CheckAsync(string name)
        {
            await visitor.SettleAsync();
            await Screenshots.SaveAsync(visitor.Page, $"column-{name}");
            problems.AddRange((await Layout.ProblemsAsync(visitor.Page)).Select(problem => $"{name}: {problem}"));
        }
    }

    private static string Options(Invitation invitation) =>
        $$"""
        theme: { icon: location.origin + "/logo.svg", primaryColor: "#0b6e4f" },
        requesterErrors: null,
        mfaServerUrl: "{{invitation.Server.Options.GuardianUrl}}",
        ticket: "{{invitation.TicketId}}",
        userData: { userId: "{{invitation.UserId}}", email: "ada@example.com", friendlyUserId: "ada@example.com", tenant: "ada", tenantFriendlyName: "Ada & Sons Bank" },
        globalTrackingId: "cd9bb2a7e3",
        postActionURL: "",
        stateCheckingMechanism: "polling",
        """;
}
