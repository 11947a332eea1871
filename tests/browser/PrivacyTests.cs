using Sallyport.Browser.Tests.Hosting;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Browser.Tests;

/// <summary>Pages with secrets do not disclose them.</summary>
public sealed class PrivacyTests(Servers servers) : IClassFixture<Servers>
{
    [Theory, Engines]
    public async Task No_screen_violates_the_content_security_policy_or_loads_from_another_origin(Engine engine)
    {
        var server = await servers.GetAsync(engine);
        await using var visitor = await Visitor.OpenAsync();
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
    public async Task A_violation_of_the_content_security_policy_is_noticed_by_these_tests()
    {
        var invitation = await Invitation.CreateAsync(await servers.GetAsync(Engine.Sqlite));
        await using var visitor = await Visitor.OpenAsync(invitation.Url);
        await visitor.ExpectScreenAsync("totpEnrollment");

        await visitor.Page.RunAndWaitForConsoleMessageAsync(
            () => visitor.Page.EvaluateAsync("() => { new Image().src = 'http://elsewhere.invalid/'; }"),
            new() { Predicate = message => message.Text.StartsWith("violated: img-src", StringComparison.Ordinal) });

        visitor.Violations.ShouldNotBeEmpty();
    }

    [Theory, Engines]
    public async Task Addresses_contain_no_secrets_and_no_referrer_is_sent(Engine engine)
    {
        var invitation = await Invitation.CreateAsync(await servers.GetAsync(engine));
        await using var visitor = await Visitor.OpenAsync(invitation.Url);

        await visitor.ExpectScreenAsync("totpEnrollment");
        await visitor.SettleAsync();
        var secret = await visitor.SecretAsync();
        await visitor.ClickAsync("Continue");
        await visitor.CodeField.FillAsync(invitation.CodeOf(secret));
        await visitor.ExpectScreenAsync("reportRecoveryCode");
        var recoveryCode = await visitor.RecoveryCodeAsync();
        await visitor.ClickAsync("Download");
        await visitor.Checkbox.CheckAsync();
        await visitor.ClickAsync("Continue");
        await visitor.ExpectScreenAsync("enrollmentCongrats");

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
