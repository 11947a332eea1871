using System.Net;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.HostedPages;

/// <summary>The page at the root of the server.</summary>
public sealed class HomePageTests(Servers servers) : IClassFixture<Servers>
{
    [Theory, Engines]
    public async Task The_root_says_what_the_server_is_and_where_its_documentation_is(Engine engine)
    {
        var server = await servers.GetAsync(engine);

        var page = await server.GetAsync("/");

        page.Status.ShouldBe(HttpStatusCode.OK);
        page.Text.ShouldContain("<h1");
        page.Text.ShouldNotContain("<script");
        page.Header("Content-Security-Policy").ShouldStartWith("default-src 'none'; style-src 'self';");
        page.Header("X-Frame-Options").ShouldBe("DENY");
        foreach (var link in page.Text.Split("href=\"").Skip(1).Select(text => text[..text.IndexOf('"', StringComparison.Ordinal)]).Where(link => link.StartsWith('/')))
        {
            (await server.GetAsync(link)).Status.ShouldBe(HttpStatusCode.OK, link);
        }

        (await server.SendAsync(HttpMethod.Head, "/")).Status.ShouldBe(HttpStatusCode.OK);
        (await server.SendAsync(HttpMethod.Post, "/")).Status.ShouldBe(HttpStatusCode.MethodNotAllowed);
    }

    [Fact]
    public async Task The_root_shows_no_version_and_nothing_about_the_tenant()
    {
        var server = await servers.GetAsync(Engine.Sqlite);
        await new ManagementApi(server).SendAsync(HttpMethod.Patch, "/tenants/settings", new { friendly_name = "Acme", support_email = "help@acme.example" });

        var page = await server.GetAsync("/");

        page.Text.ShouldNotContain("cme");
        page.Text.ShouldNotMatch(@"\d+\.\d+");
        page.Headers.Contains("Server").ShouldBeFalse();
        page.Headers.Contains("X-Powered-By").ShouldBeFalse();
    }
}
