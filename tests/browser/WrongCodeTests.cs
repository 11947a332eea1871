using Sallyport.Browser.Tests.Hosting;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;
using static Microsoft.Playwright.Assertions;

namespace Sallyport.Browser.Tests;

/// <summary>Wrong codes, up to the lock-out.</summary>
public sealed class WrongCodeTests(Servers servers) : IClassFixture<Servers>
{
    [Fact]
    public async Task A_refused_code_is_not_sent_again_unchanged()
    {
        await using var visitor = await OpenCodeScreenAsync();

        await visitor.CodeField.PressSequentiallyAsync("000000");
        await visitor.ExpectTextAsync("That code is not right.");
        await visitor.ClickAsync("Confirm");
        await visitor.CodeField.PressAsync("Enter");
        await visitor.CodeField.FillAsync("000 000");
        await visitor.ExpectTextAsync("That code is not right.");
        Sent(visitor).ShouldBe(1);
        await visitor.CodeField.FillAsync("000001");
        await visitor.ExpectTextAsync("That code is not right either.");

        Sent(visitor).ShouldBe(2);
    }

    [Fact]
    public async Task A_code_whose_answer_was_lost_can_be_sent_again()
    {
        await using var visitor = await OpenCodeScreenAsync();
        await visitor.Page.RouteAsync("**/verify-otp", route => route.AbortAsync());
        await visitor.CodeField.FillAsync("000000");
        await visitor.ExpectTextAsync("We cannot reach the server.");
        await visitor.Page.UnrouteAllAsync();

        await visitor.ClickAsync("Confirm");

        await visitor.ExpectTextAsync("That code is not right.");
    }

    [Theory]
    [InlineData(9, null)]
    [InlineData(4, null)]
    [InlineData(3, "You have three tries left.")]
    [InlineData(2, "You have two tries left.")]
    [InlineData(1, "You have one try left.")]
    [InlineData(null, null)]
    public async Task With_three_tries_left_the_message_says_so(int? remaining, string? text)
    {
        await using var visitor = await OpenCodeScreenAsync();
        await visitor.StubErrorAsync("verify-otp", 403, "invalid_otp", ("X-RateLimit-Remaining", remaining?.ToString()));

        await visitor.CodeField.FillAsync("000000");
        await visitor.ExpectTextAsync("That code is not right.");

        var said = await visitor.Page.Locator(".sp-error").TextContentAsync();
        (text is null ? !said!.Contains("left", StringComparison.Ordinal) : said!.EndsWith(text, StringComparison.Ordinal)).ShouldBeTrue(said);
    }

    [Fact]
    public async Task A_lock_out_names_the_support_contact_and_the_form_cannot_be_sent()
    {
        await using var visitor = await OpenCodeScreenAsync(supportEmail: "help@example.com");
        await visitor.StubErrorAsync("verify-otp", 429, "too_many_attempts", ("Retry-After", "300"));

        await visitor.CodeField.FillAsync("000000");
        await visitor.ExpectTextAsync("That was too many tries. You can try again in 5 minutes");

        await visitor.ExpectTextAsync("Questions? Write to help@example.com.");
        await Expect(visitor.Button("Confirm")).ToBeDisabledAsync();
        await Expect(visitor.CodeField).Not.ToBeEditableAsync();
        await Expect(visitor.Page.Locator(".sp-form .sp-hint")).ToBeHiddenAsync();
        await visitor.CodeField.PressAsync("Enter");
        Sent(visitor).ShouldBe(1);
    }

    [Fact]
    public async Task After_a_lock_out_the_form_can_be_used_again()
    {
        await using var visitor = await OpenCodeScreenAsync();
        await visitor.StubErrorAsync("verify-otp", 429, "too_many_attempts", ("Retry-After", "1"));
        await visitor.CodeField.FillAsync("000000");
        await Expect(visitor.Button("Confirm")).ToBeDisabledAsync();

        await Expect(visitor.Button("Confirm")).ToBeEnabledAsync();
        await Expect(visitor.Page.Locator(".sp-form .sp-hint")).ToBeVisibleAsync();
        await visitor.ClickAsync("Confirm");

        await visitor.ExpectTextAsync("That was too many tries.");
        Sent(visitor).ShouldBe(2);
    }

    [Theory]
    [InlineData(403, "invalid_otp", "0")]
    [InlineData(429, "too_many_attempts", "9")]
    public async Task After_the_last_try_of_an_enrollment_the_person_starts_again_with_a_new_key(int status, string errorCode, string remaining)
    {
        await using var visitor = await OpenCodeScreenAsync();
        var secret = await visitor.Page.EvaluateAsync<string>("() => JSON.parse(Object.values(sessionStorage)[0]).answer.device_account.otp_secret");
        await visitor.StubErrorAsync("verify-otp", status, errorCode, ("X-RateLimit-Remaining", remaining));

        await visitor.CodeField.FillAsync("000000");
        await Expect(visitor.Heading).ToHaveTextAsync("That was too many wrong codes");
        await visitor.ClickAsync("Start again");

        await visitor.ExpectScreenAsync("totpEnrollment");
        (await visitor.SecretAsync()).ShouldNotBe(secret);
    }

    private async Task<Visitor> OpenCodeScreenAsync(string supportEmail = "")
    {
        var server = await servers.GetAsync(Engine.Sqlite);
        await new ManagementApi(server).SendAsync(HttpMethod.Patch, "/tenants/settings", new { support_email = supportEmail });
        var invitation = await Invitation.CreateAsync(server);
        var visitor = await Visitor.OpenAsync(invitation.Url);
        await visitor.ExpectScreenAsync("totpEnrollment");
        await visitor.ClickAsync("Continue");
        await visitor.ExpectScreenAsync("totpEnrollmentCode");
        return visitor;
    }

    private static int Sent(Visitor visitor) =>
        visitor.Requests.Count(request => request.Url.EndsWith("/verify-otp", StringComparison.Ordinal));
}
