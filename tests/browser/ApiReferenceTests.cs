using Microsoft.Playwright;
using Sallyport.Browser.Tests.Hosting;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Browser.Tests;

public sealed class ApiReferenceTests
{
    /// <summary>Scalar tries whether it may use <c>eval</c>, and does without.</summary>
    private const string EvalProbe = "violated: script-src eval";

    [Fact]
    public async Task The_reference_shows_and_calls_the_API_offline_and_under_its_content_security_policy()
    {
        await using var server = await TestServer.StartAsync(Engine.Sqlite);
        await using var visitor = await Visitor.OpenAsync(server.Url + "/docs");

        await visitor.Page.GetByRole(AriaRole.Link, new() { NameRegex = new("jwks.json") }).First.ClickAsync();
        await visitor.Page.GetByRole(AriaRole.Button, new() { NameRegex = new("Test Request.*jwks.json") }).First.ClickAsync();
        var response = await visitor.Page.RunAndWaitForResponseAsync(
            () => visitor.Page.GetByRole(AriaRole.Button, new() { NameRegex = new("^Send") }).First.ClickAsync(),
            response => response.Url == server.Url + "/.well-known/jwks.json");

        response.Status.ShouldBe(200);
        visitor.Violations.Where(violation => !violation.StartsWith(EvalProbe, StringComparison.Ordinal)).ShouldBeEmpty();
        visitor.Requests.Select(request => new Uri(request.Url))
            .Where(url => url.Scheme != "data" && !url.AbsoluteUri.Contains(server.Url + "/", StringComparison.Ordinal))
            .ShouldBeEmpty();
    }
}
