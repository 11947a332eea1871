using Microsoft.Playwright;
using Sallyport.Browser.Tests.Hosting;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;
using static Microsoft.Playwright.Assertions;

namespace Sallyport.Browser.Tests;

/// <summary>The offer of the device's own authenticator after a sign-in with a code, in a real Chromium with its virtual authenticators.</summary>
public sealed class DeviceOfferTests
{
    [Theory]
    [InlineData("desktop", ColorScheme.Light)]
    [InlineData("phone", ColorScheme.Dark)]
    public async Task A_person_who_accepts_is_signed_in_and_uses_the_device_the_next_time(string device, ColorScheme scheme)
    {
        await using var scene = await Scene.StartAsync(device == "desktop" ? Devices.Desktop(scheme) : Devices.Phone(scheme));
        var (visitor, person) = (scene.Visitor, scene.Person);

        await scene.EnterCodeAsync();
        await visitor.ExpectScreenAsync("deviceOffer");
        await Expect(visitor.Heading).ToHaveTextAsync("Use this device next time?");
        await Expect(visitor.Heading).ToBeFocusedAsync();
        await visitor.CheckScreenAsync($"deviceOffer-{device}-{scheme}");
        scene.Site.Posts.ShouldBeEmpty();
        await visitor.TabToAsync(visitor.Button("Set up this device"));
        await visitor.Page.Keyboard.PressAsync("Enter");

        await scene.ShouldBeSignedInAsync();
        (await person.ListEnrollmentsAsync()).Count.ShouldBe(2);
        (await person.ListGuardianLogAsync()).TakeLast(3).ShouldBe(["gd_auth_succeed", "gd_start_enroll", "gd_enrollment_complete"]);
        await visitor.Page.GotoAsync(scene.Site.LoginUrl(person));
        await visitor.ClickAsync("Use this device instead");
        await scene.ShouldBeSignedInAsync();
        await scene.EnterCodeAsync();
        await scene.ShouldBeSignedInAsync();
        visitor.Errors.ShouldBeEmpty();
        visitor.Violations.ShouldBeEmpty();
    }

    [Fact]
    public async Task Not_now_is_remembered_for_the_person_and_another_one_is_asked()
    {
        await using var scene = await Scene.StartAsync();
        var visitor = scene.Visitor;

        await scene.EnterCodeAsync();
        await visitor.ClickAsync("Not now");
        await scene.ShouldBeSignedInAsync();
        await scene.EnterCodeAsync();
        await scene.ShouldBeSignedInAsync();
        visitor.Requests.ShouldNotContain(request => request.Url.EndsWith("/offered-factor", StringComparison.Ordinal));

        await scene.MeetAsync(await Person.CreateAsync(scene.Site.Server));
        await scene.EnterCodeAsync();
        await visitor.ExpectScreenAsync("deviceOffer");
    }

    [Fact]
    public async Task A_cancelled_ceremony_does_not_stop_the_sign_in()
    {
        await using var scene = await Scene.StartAsync();
        var visitor = scene.Visitor;
        await scene.Key.SetVerifiedAsync(false);

        await scene.EnterCodeAsync();
        await visitor.ClickAsync("Set up this device");
        await visitor.ExpectTextAsync("It was cancelled or took too long. Nothing was set up. You can try again.");
        await Expect(visitor.Button("Try again")).ToBeFocusedAsync();
        await visitor.CheckScreenAsync("deviceOffer-cancelled");
        await visitor.ClickAsync("Not now");

        await scene.ShouldBeSignedInAsync();
        (await scene.Person.ListEnrollmentsAsync()).Count.ShouldBe(1);
        visitor.Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task After_a_cancelled_ceremony_the_device_can_still_be_set_up()
    {
        await using var scene = await Scene.StartAsync();
        var visitor = scene.Visitor;
        await scene.Key.SetVerifiedAsync(false);
        await scene.EnterCodeAsync();
        await visitor.ClickAsync("Set up this device");
        await visitor.ExpectTextAsync("It was cancelled or took too long.");

        await scene.Key.SetVerifiedAsync(true);
        await visitor.ClickAsync("Try again");

        await scene.ShouldBeSignedInAsync();
        (await scene.Person.ListEnrollmentsAsync()).Count.ShouldBe(2);
    }

    [Theory]
    [InlineData("**/offered-factor")]
    [InlineData("**/api/webauthn/verify")]
    public async Task A_server_that_refuses_to_add_the_device_does_not_stop_the_sign_in(string call)
    {
        await using var scene = await Scene.StartAsync();
        var visitor = scene.Visitor;
        await visitor.Page.RouteAsync(call, route => route.FulfillAsync(new() { Status = 401, ContentType = "application/json", Body = "{}" }));

        await scene.EnterCodeAsync();
        await visitor.ClickAsync("Set up this device");
        await visitor.ExpectTextAsync("That did not work, and it is our fault.");
        await visitor.ClickAsync("Not now");

        await scene.ShouldBeSignedInAsync();
    }

    [Fact]
    public async Task A_person_without_a_recovery_code_gets_one_before_the_result_is_posted()
    {
        await using var scene = await Scene.StartAsync();
        var (visitor, person) = (scene.Visitor, scene.Person);
        await person.Server.Database.WriteAsync(
            unit => unit.ExecuteAsync(
                new Statement("DELETE FROM authenticator WHERE user_id = @user_id AND factor = 'recovery-code'", ("user_id", person.UserId)), CancellationToken.None),
            CancellationToken.None);

        await scene.EnterCodeAsync();
        await visitor.ClickAsync("Set up this device");
        await visitor.ExpectScreenAsync("reportRecoveryCode");
        scene.Site.Posts.ShouldBeEmpty();
        await visitor.Checkbox.CheckAsync();
        await visitor.ClickAsync("Continue");

        await scene.ShouldBeSignedInAsync();
    }

    [Fact]
    public async Task A_reload_of_the_offer_leads_to_the_application()
    {
        await using var scene = await Scene.StartAsync();
        var visitor = scene.Visitor;
        await scene.EnterCodeAsync();
        await visitor.ExpectScreenAsync("deviceOffer");

        await visitor.Page.ReloadAsync();
        await visitor.ExpectScreenAsync("authCongrats");
        await visitor.ClickAsync("Continue");

        await scene.ShouldBeSignedInAsync();
    }

    [Fact]
    public async Task The_offer_ends_before_the_sign_in_expires()
    {
        await using var scene = await Scene.StartAsync();
        var visitor = scene.Visitor;
        await visitor.Page.Clock.InstallAsync();
        await scene.EnterCodeAsync();
        await visitor.ExpectScreenAsync("deviceOffer");

        await visitor.Page.Clock.FastForwardAsync(270_000);
        await visitor.ExpectScreenAsync("deviceOffer");
        await visitor.Page.Clock.FastForwardAsync(15_000);

        await scene.ShouldBeSignedInAsync();
    }

    [Theory]
    [InlineData("usb", null, true)]
    [InlineData("internal", false, true)]
    [InlineData("internal", null, false)]
    public async Task Nothing_is_offered_without_a_device_without_self_service_or_while_the_factor_is_off(string transport, bool? selfService, bool isEnabled)
    {
        await using var scene = await Scene.StartAsync(transport: transport);
        await scene.Person.SetFactorAsync("webauthn-platform", isEnabled);

        await scene.EnterCodeAsync(selfService);

        await scene.ShouldBeSignedInAsync();
        scene.Site.Posts.Count.ShouldBe(1);
    }

    private sealed class Scene(ApplicationSite site, Visitor visitor, VirtualKey key) : IAsyncDisposable
    {
        private Flow enrolled = null!;

        public ApplicationSite Site => site;

        public Visitor Visitor => visitor;

        public VirtualKey Key => key;

        public Person Person { get; private set; } = null!;

        /// <param name="transport">How the browser reaches its authenticator: <c>internal</c> for one of the device.</param>
        public static async Task<Scene> StartAsync(BrowserNewContextOptions? device = null, string transport = "internal")
        {
            var site = await ApplicationSite.StartAsync(await TestServer.StartOnLocalhostAsync(Engine.Sqlite));
            var visitor = await Visitor.OpenAsync(device);
            var scene = new Scene(site, visitor, await VirtualKey.AddAsync(visitor, hasVerification: true, transport));
            await scene.MeetAsync(await Person.CreateAsync(site.Server));
            return scene;
        }

        /// <summary>A person with an authenticator app uses the browser from now on.</summary>
        public async Task MeetAsync(Person person)
        {
            Person = person;
            enrolled = await person.EnrollAsync();
        }

        public async Task EnterCodeAsync(bool? selfService = null)
        {
            await visitor.Page.GotoAsync(site.LoginUrl(Person, selfService));
            await visitor.ExpectScreenAsync("totpAuth");
            site.Server.Clock.Advance(TimeSpan.FromSeconds(30));
            await visitor.CodeField.FillAsync(Person.Guardian.CodeOf(enrolled));
        }

        public async Task ShouldBeSignedInAsync()
        {
            await visitor.Page.WaitForURLAsync(site.HomeUrl);
            await Expect(visitor.Page.Locator("body")).ToHaveTextAsync("Signed in as " + Person.UserId);
        }

        public async ValueTask DisposeAsync()
        {
            await visitor.DisposeAsync();
            await site.DisposeAsync();
            await site.Server.DisposeAsync();
        }
    }
}
