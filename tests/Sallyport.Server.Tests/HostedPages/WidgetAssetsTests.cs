using System.Net;
using System.Security.Cryptography;
using System.Text;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.HostedPages;

/// <summary>Pages that were copied from the vendor's documentation find the widget under the file names they know.</summary>
public sealed class WidgetAssetsTests(Servers servers) : IClassFixture<Servers>
{
    [Theory]
    [InlineData("mfa-widget.js")]
    [InlineData("mfa-widget-0.1.1.min.js")]
    [InlineData("mfa-widget-1.2.0.min.js")]
    [InlineData("mfa-widget-1.2.1.min.js")]
    [InlineData("mfa-widget-1.4.min.js")]
    [InlineData("mfa-widget-1.6.min.js")]
    [InlineData("mfa-widget-1.8.min.js")]
    [InlineData("mfa-widget-1.8.js")]
    public async Task Every_published_file_name_gives_the_widget(string name)
    {
        var server = await servers.GetAsync(Engine.Sqlite);

        var asset = await server.SendAsync(HttpMethod.Get, "/js/mfa-widget/" + name, ("Origin", "https://login.example.com"));

        asset.Status.ShouldBe(HttpStatusCode.OK);
        asset.Text.ShouldContain("Auth0MFAWidget");
        asset.Header("Access-Control-Allow-Origin").ShouldBe("*");
        asset.Header("Cross-Origin-Resource-Policy").ShouldBe("cross-origin");
        asset.Header("Cache-Control").ShouldBe("no-cache");
        asset.Header("X-Content-Type-Options").ShouldBe("nosniff");
    }

    [Theory]
    [InlineData("/js/mfa-widget/mfa-widget-.min.js")]
    [InlineData("/js/mfa-widget/mfa-widget-1.8.min.js.map")]
    [InlineData("/js/mfa-widget/mfa-widget-one.min.js")]
    [InlineData("/js/mfa-widget/mfa-widget-1.8.min.js/x")]
    [InlineData("/js/mfa-widget/")]
    [InlineData("/js/mfa-widget/..%2f..%2fappsettings.json")]
    [InlineData("/js/mfa-widget/%2e%2e/%2e%2e/appsettings.json")]
    [InlineData("/appsettings.json")]
    [InlineData("/data/sallyport.db")]
    [InlineData("/Sallyport.Server.dll")]
    public async Task Nothing_else_is_given_away(string path)
    {
        var server = await servers.GetAsync(Engine.Sqlite);

        var raw = await RawHttp.SendAsync(server, $"GET {path} HTTP/1.1");

        raw.ShouldStartWith("HTTP/1.1 404 ");
    }

    [Fact]
    public async Task A_tag_tells_of_the_content_and_spares_who_has_it()
    {
        var server = await servers.GetAsync(Engine.Sqlite);
        var first = await server.GetAsync("/js/mfa-widget/modules/widget.js");
        var tag = first.Header("ETag");

        var again = await server.SendAsync(HttpMethod.Get, "/js/mfa-widget/modules/widget.js", ("If-None-Match", tag));
        var other = await server.GetAsync("/js/mfa-widget/modules/api.js");
        var changed = await server.SendAsync(HttpMethod.Get, "/js/mfa-widget/modules/widget.js", ("If-None-Match", "\"older\""));

        tag.ShouldBe($"\"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(first.Text))[..16])}\"");
        again.Status.ShouldBe(HttpStatusCode.NotModified);
        again.Text.ShouldBeEmpty();
        again.Header("Cache-Control").ShouldBe("no-cache");
        other.Header("ETag").ShouldNotBe(tag);
        changed.Status.ShouldBe(HttpStatusCode.OK);
        (await server.SendAsync(HttpMethod.Post, "/js/mfa-widget/modules/widget.js")).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task The_page_asks_for_every_module_at_once_and_for_no_other_language()
    {
        var person = await Person.CreateAsync(await servers.GetAsync(Engine.Sqlite));
        var folder = Path.Combine(AppContext.BaseDirectory, "wwwroot", "js", "mfa-widget", "modules");
        var expected = Directory.EnumerateFiles(folder, "*.js", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(folder, file).Replace('\\', '/'))
            .Where(name => name is "languages/index.js" or "languages/en.js" || (!name.StartsWith("languages/", StringComparison.Ordinal) && name != "preview.js"))
            .ToList();

        var page = await person.Server.GetAsync("/mfa/enrollment?ticket=" + await person.NewTicketAsync());

        expected.Count.ShouldBeGreaterThan(30);
        expected.ShouldAllBe(name => page.Text.Contains($"<link rel=\"modulepreload\" href=\"/js/mfa-widget/modules/{name}\">"));
        page.Text.Split("modulepreload").Length.ShouldBe(expected.Count + 1);
        page.Text.IndexOf("modulepreload", StringComparison.Ordinal).ShouldBeLessThan(page.Text.IndexOf("<script", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Every_file_that_the_page_asks_for_is_there()
    {
        var person = await Person.CreateAsync(await servers.GetAsync(Engine.Sqlite));
        var page = await person.Server.GetAsync("/mfa/enrollment?ticket=" + await person.NewTicketAsync());
        var paths = page.Text.Split('"').Where(text => text.StartsWith('/') && (text.EndsWith(".js", StringComparison.Ordinal) || text.EndsWith(".css", StringComparison.Ordinal))).ToList();

        paths.Count.ShouldBeGreaterThan(30);
        foreach (var path in paths)
        {
            (await person.Server.GetAsync(path)).Status.ShouldBe(HttpStatusCode.OK, path);
        }
    }
}
