using Sallyport.Browser.Tests.Hosting;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Browser.Tests;

/// <summary>What a page with secrets on it tells nobody.</summary>
public sealed class PrivacyTests(Servers servers) : IClassFixture<Servers>
{
    [Theory, Engines]
    public async Task No_screen_breaks_the_content_security_policy_or_leaves_the_origin(Engine engine)
    {
        var server = await servers.GetAsync(engine);
        await using var visitor = await Visitor.ArriveAsync();
        var seen = 0;

        await new Tour(server, visitor, _ =>
        {
            seen++;
            return Task.CompletedTask;
        }).EnrollAsync();

        seen.ShouldBeGreaterThanOrEqualTo(16);
        visitor.Violations.ShouldBeEmpty();
        visitor.Requests.Count.ShouldBeGreaterThan(50);
        visitor.Requests.Select(request => request.Url)
            .Where(url => !url.StartsWith(server.Url + "/", StringComparison.Ordinal) && !url.StartsWith($"blob:{server.Url}/", StringComparison.Ordinal))
            .Where(url => url != "data:,")
            .ShouldBeEmpty();
    }

    [Fact]
    public async Task What_the_content_security_policy_forbids_is_noticed_here()
    {
        var invitation = await Invitation.CreateAsync(await servers.GetAsync(Engine.Sqlite));
        await using var visitor = await Visitor.ArriveAsync(invitation.Url);
        await visitor.SeeAsync("totpEnrollment");

        await visitor.Page.RunAndWaitForConsoleMessageAsync(
            () => visitor.Page.EvaluateAsync("() => { new Image().src = 'http://elsewhere.invalid/'; }"),
            new() { Predicate = message => message.Text.StartsWith("violated: img-src", StringComparison.Ordinal) });

        visitor.Violations.ShouldNotBeEmpty();
    }

    [Theory, Engines]
    public async Task Secrets_stand_in_no_address_and_no_address_is_passed_on(Engine engine)
    {
        var invitation = await Invitation.CreateAsync(await servers.GetAsync(engine));
        await using var visitor = await Visitor.ArriveAsync(invitation.Url);

        await visitor.SeeAsync("totpEnrollment");
        await visitor.SettleAsync();
        var secret = await visitor.SecretAsync();
        await visitor.PressAsync("Continue");
        await visitor.CodeField.FillAsync(invitation.CodeOf(secret));
        await visitor.SeeAsync("reportRecoveryCode");
        var recoveryCode = await visitor.RecoveryCodeAsync();
        await visitor.PressAsync("Download");
        await visitor.TickBox.CheckAsync();
        await visitor.PressAsync("Continue");
        await visitor.SeeAsync("enrollmentCongrats");

        secret.Length.ShouldBeGreaterThanOrEqualTo(32);
        recoveryCode.Length.ShouldBe(24);
        var addresses = visitor.Requests.Select(request => request.Url).Where(url => url != invitation.Url).ToList();
        addresses.Count.ShouldBeGreaterThan(10);
        string[] secrets = [secret, recoveryCode, invitation.TicketId];
        addresses.Where(url => secrets.Any(text => url.Contains(text, StringComparison.OrdinalIgnoreCase))).ShouldBeEmpty();
        foreach (var request in visitor.Requests.Where(request => request.Url.StartsWith("http", StringComparison.Ordinal)))
        {
            (await request.AllHeadersAsync()).ShouldNotContainKey("referer", request.Url);
        }
    }
}
