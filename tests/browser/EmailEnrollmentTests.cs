using System.Globalization;
using System.Net;
using Sallyport.Browser.Tests.Hosting;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;
using static Microsoft.Playwright.Assertions;

namespace Sallyport.Browser.Tests;

/// <summary>An enrollment with codes by email against the real server. The codes are read from the mails that it sends.</summary>
public sealed class EmailEnrollmentTests
{
    private const int Length = 8;
    private const int Tries = 10;

    [Fact]
    public async Task Only_the_code_in_the_newest_mail_is_accepted()
    {
        await using var server = await TestServer.StartAsync(Engine.Sqlite);
        var invitation = await InviteAsync(server);
        await using var visitor = await Visitor.OpenAsync();
        await visitor.Page.Clock.InstallAsync();
        await visitor.Page.GotoAsync(invitation.Url);
        await visitor.ExpectScreenAsync("emailEnrollmentConfirm");
        var first = await Mail.WaitForCodeAsync(server, invitation.Email, []);
        var before = Mail.ListFilesTo(server, invitation.Email);

        await EnterAsync(visitor, Other(first, 1));
        await visitor.ExpectTextAsync("That code is not right. Enter the code from the newest email.");
        await visitor.Page.Clock.FastForwardAsync(31_000);
        await visitor.ClickAsync("Send again");
        await visitor.ExpectTextAsync("We have sent you several emails already.");
        server.Clock.Advance(TimeSpan.FromSeconds(31));
        await visitor.Page.Clock.FastForwardAsync(31_000);
        await visitor.ClickAsync("Send again");
        var second = await Mail.WaitForCodeAsync(server, invitation.Email, before);
        await EnterAsync(visitor, first);
        await visitor.ExpectTextAsync("That code is not right.");
        await EnterAsync(visitor, second);

        await visitor.ExpectScreenAsync("reportRecoveryCode");
        await visitor.Checkbox.CheckAsync();
        await visitor.ClickAsync("Continue");
        await visitor.ExpectTextAsync("sends a code to your email address when you sign in.");
        second.Length.ShouldBe(Length);
        (await invitation.EnrollmentStatesAsync()).ShouldBe(["confirmed"]);
        visitor.Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task After_too_many_wrong_codes_the_enrollment_ends_and_a_new_start_sends_another_code()
    {
        await using var server = await TestServer.StartAsync(Engine.Sqlite);
        var invitation = await InviteAsync(server);
        await using var visitor = await Visitor.OpenAsync(invitation.Url);
        await visitor.ExpectScreenAsync("emailEnrollmentConfirm");
        var code = await Mail.WaitForCodeAsync(server, invitation.Email, []);
        var before = Mail.ListFilesTo(server, invitation.Email);

        for (var i = 1; i <= Tries; i++)
        {
            await EnterAsync(visitor, Other(code, i));
        }

        await Expect(visitor.Heading).ToHaveTextAsync("That was too many wrong codes");
        (await invitation.EnrollmentStatesAsync()).ShouldBeEmpty();
        await visitor.ClickAsync("Start again");
        await visitor.ExpectScreenAsync("emailEnrollmentConfirm");
        await EnterAsync(visitor, await Mail.WaitForCodeAsync(server, invitation.Email, before));

        await visitor.ExpectScreenAsync("reportRecoveryCode");
        (await invitation.EnrollmentStatesAsync()).ShouldBe(["confirmed"]);
    }

    /// <summary>A person with a verified address, whose only factor is email.</summary>
    private static async Task<Invitation> InviteAsync(TestServer server)
    {
        var invitation = await Invitation.CreateAsync(server);
        var management = new ManagementApi(server);
        await PutAsync("/guardian/factors/email", new { enabled = true });
        await PutAsync("/guardian/factors/otp", new { enabled = false });
        await PutAsync("/guardian/factors/email/settings", new { otp_length = Length, otp_expiration_time = 300 });
        var verified = await management.SendAsync(HttpMethod.Patch, "/users/" + Uri.EscapeDataString(invitation.UserId), new { email_verified = true });
        verified.ShouldBe(HttpStatusCode.OK);
        return invitation;

        async Task PutAsync(string path, object body) => (await management.SendAsync(HttpMethod.Put, path, body)).ShouldBe(HttpStatusCode.OK);
    }

    private static async Task EnterAsync(Visitor visitor, string code) =>
        await visitor.Page.RunAndWaitForResponseAsync(
            () => visitor.CodeField.FillAsync(code), response => response.Url.EndsWith("/verify-otp", StringComparison.Ordinal));

    /// <summary>Another code of the same length.</summary>
    private static string Other(string code, int distance) =>
        ((long.Parse(code, CultureInfo.InvariantCulture) + distance) % (long)Math.Pow(10, Length)).ToString("D" + Length, CultureInfo.InvariantCulture);
}
