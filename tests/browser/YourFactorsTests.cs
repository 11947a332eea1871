using System.Text.Json.Nodes;
using Microsoft.Playwright;
using Sallyport.Browser.Tests.Hosting;
using Sallyport.Protocols.Otp;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;
using static Microsoft.Playwright.Assertions;

namespace Sallyport.Browser.Tests;

/// <summary>The page on which users manage their factors, from the password to the end. <see cref="EveryScreenTests"/> has its looks.</summary>
public sealed class YourFactorsTests
{
    [Fact]
    public async Task A_user_signs_in_adds_renames_and_removes_factors_and_makes_a_new_recovery_code()
    {
        await using var scene = await Scene.StartAsync();
        await using var visitor = await Visitor.OpenAsync(scene.Url());
        await scene.SignInAsync(visitor);

        await Expect(visitor.Heading).ToHaveTextAsync("Your second step");
        await visitor.ExpectTextAsync("You have no other way to sign in.");
        // The list has the order in which they were enrolled.
        scene.Server.Clock.Advance(TimeSpan.FromSeconds(1));
        await visitor.ClickAsync("Authenticator app");
        await visitor.ExpectScreenAsync("totpEnrollment");
        var secret = await visitor.SecretAsync();
        await visitor.ClickAsync("Continue");
        Base32.TryDecode(secret, out var key).ShouldBeTrue();
        await visitor.CodeField.FillAsync(scene.User.Guardian.CodeOf(key, 0));
        await visitor.ExpectScreenAsync("enrollmentCongrats");
        await visitor.ClickAsync("Continue");

        await Expect(Entries(visitor)).ToHaveCountAsync(2);
        await Entries(visitor).Nth(1).GetByText("Rename").ClickAsync();
        await Entries(visitor).Nth(1).GetByLabel("Name").FillAsync("Tablet");
        await Entries(visitor).Nth(1).GetByText("Save").ClickAsync();
        await visitor.ExpectTextAsync("Tablet");
        await Entries(visitor).Nth(1).GetByText("Ask for this one first").ClickAsync();
        await Expect(Entries(visitor).Nth(1)).ToContainTextAsync("You are asked for this one first.");
        await Entries(visitor).Nth(1).GetByText("Remove").ClickAsync();
        await visitor.ExpectTextAsync("Remove Tablet?");
        await visitor.ClickAsync("Remove");
        await Expect(Entries(visitor)).ToHaveCountAsync(1);
        visitor.Violations.ShouldBeEmpty();
        visitor.Errors.ShouldBeEmpty();
    }

    private static ILocator Entries(Visitor visitor) => visitor.Page.Locator(".page-entry");

    /// <summary>A server, and an enrolled user with a password.</summary>
    private sealed record Scene(TestServer Server, MfaClient User, Flow Enrolled, RelyingParty Party) : IAsyncDisposable
    {
        public static async Task<Scene> StartAsync()
        {
            var server = await TestServer.StartAsync(Engine.Sqlite);
            server.Clock.Set(TimeProvider.System.GetUtcNow());
            var user = await MfaClient.CreateAsync(server);
            (await user.Management.SendAsync(HttpMethod.Patch, "/tenants/settings", new { enabled_locales = new[] { "en", "de", "ar" } }))
                .ShouldBe(System.Net.HttpStatusCode.OK);
            var party = await RelyingParty.CreateAsync(server, new() { ["client_metadata"] = new JsonObject() });
            return new Scene(server, user, await user.EnrollAsync(), party);
        }

        public string Url() => $"{Server.Url}/mfa/your-factors?client_id={Party.ClientId}";

        public async Task SignInAsync(Visitor visitor)
        {
            await visitor.Page.Locator("input[autocomplete=username]").FillAsync(User.Email);
            await visitor.Page.Locator("input[autocomplete=current-password]").FillAsync(MfaClient.Password);
            await visitor.Page.Keyboard.PressAsync("Enter");
            await visitor.ExpectScreenAsync("totpAuth");
            await visitor.CodeField.FillAsync(User.Guardian.CodeOf(Enrolled, 1));
            await Expect(Entries(visitor)).ToHaveCountAsync(1);
        }

        public async ValueTask DisposeAsync() => await Server.DisposeAsync();
    }
}
