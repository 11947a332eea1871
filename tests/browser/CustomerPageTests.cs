using System.Net;
using Sallyport.Browser.Tests.Hosting;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;
using static Microsoft.Playwright.Assertions;

namespace Sallyport.Browser.Tests;

/// <summary>The widget in a page of another origin, written as published examples write it.</summary>
public sealed class CustomerPageTests(Servers servers) : IClassFixture<Servers>
{
    [Theory, Engines]
    public async Task A_person_enrolls_on_a_customers_own_page(Engine engine)
    {
        var invitation = await Invitation.CreateAsync(await servers.GetAsync(engine));
        await using var site = await CustomerSite.StartAsync(CustomerSite.Page(invitation.Server.Url, Options(invitation)));
        await using var visitor = await Visitor.ArriveAsync(site.Url);

        await visitor.SeeAsync("totpEnrollment");
        await visitor.SettleAsync();
        await Expect(visitor.Page.Locator(".sp-tenant")).ToHaveTextAsync("Ada & Sons Bank");
        await Expect(visitor.Page.Locator(".sp-account")).ToHaveTextAsync("ada@example.com");
        var secret = await visitor.SecretAsync();
        await visitor.PressAsync("Continue");
        await visitor.CodeField.FillAsync(invitation.WrongCodeOf(secret));
        await visitor.ReadAsync("That code is not right.");
        await visitor.CodeField.FillAsync(invitation.CodeOf(secret));
        await visitor.SeeAsync("reportRecoveryCode");
        await visitor.TickBox.CheckAsync();
        await visitor.PressAsync("Continue");
        await visitor.SeeAsync("enrollmentCongrats");

        (await invitation.EnrollmentStatesAsync()).ShouldBe(["confirmed"]);
        (await invitation.LookAsync()).ShouldBe(HttpStatusCode.Gone);
        visitor.Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_widget_fits_into_a_narrow_column_of_a_dark_page()
    {
        const string Style = """
            body { margin: 0; padding: 24px; background: #101010; color: #0f0; font: 11px serif; text-transform: uppercase; line-height: 1; }
            #container { width: 280px; } input { width: 900px; border: 9px dotted red; } button { float: right; height: 12px; } p { margin: 40px; }
            """;
        var invitation = await Invitation.CreateAsync(await servers.GetAsync(Engine.Sqlite));
        await using var site = await CustomerSite.StartAsync(CustomerSite.Page(invitation.Server.Url, Options(invitation), Style));
        await using var visitor = await Visitor.ArriveAsync(site.Url);
        var faults = new List<string>();

        await visitor.SeeAsync("totpEnrollment");
        var secret = await visitor.SecretAsync();
        await visitor.PressAsync("Can’t scan it?");
        await LookAsync("key");
        await visitor.PressAsync("Continue");
        await visitor.CodeField.FillAsync(invitation.WrongCodeOf(secret));
        await visitor.ReadAsync("That code is not right.");
        await LookAsync("code");
        await visitor.CodeField.FillAsync(invitation.CodeOf(secret));
        await visitor.SeeAsync("reportRecoveryCode");
        await LookAsync("recovery-code");

        faults.ShouldBeEmpty();
        (await visitor.Page.Locator(".sp-card").BoundingBoxAsync()).ShouldNotBeNull().Width.ShouldBe(280);

        async Task LookAsync(string name)
        {
            await visitor.SettleAsync();
            await Screenshots.SaveAsync(visitor.Page, $"column-{name}");
            faults.AddRange((await Layout.FaultsAsync(visitor.Page)).Select(fault => $"{name}: {fault}"));
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
