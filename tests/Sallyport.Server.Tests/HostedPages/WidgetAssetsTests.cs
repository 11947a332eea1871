using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Hosting;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.HostedPages;

/// <summary>The widget is served under the vendor's file names too, for pages copied from the vendor's documentation.</summary>
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
    public async Task Other_files_are_not_served(string path)
    {
        var server = await servers.GetAsync(Engine.Sqlite);

        var raw = await RawHttp.SendAsync(server, $"GET {path} HTTP/1.1");

        raw.ShouldStartWith("HTTP/1.1 404 ");
    }

    [Fact]
    public async Task A_file_is_sent_again_only_if_its_content_has_changed()
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

    [Theory]
    [InlineData("gzip, deflate, br", "br")]
    [InlineData("br;q=0, gzip", "gzip")]
    [InlineData("GZIP", "gzip")]
    [InlineData("deflate, identity", null)]
    [InlineData("", null)]
    [InlineData("br;q=0, gzip;q=0", null)]
    public async Task A_file_is_compressed_as_the_browser_accepts(string accepted, string? encoding)
    {
        var server = await servers.GetAsync(Engine.Sqlite);
        var plain = await server.GetAsync("/js/mfa-widget/styles/base.css");

        using var request = new HttpRequestMessage(HttpMethod.Get, "/js/mfa-widget/styles/base.css");
        request.Headers.TryAddWithoutValidation("Accept-Encoding", accepted);
        using var response = await server.Http.SendAsync(request, TestContext.Current.CancellationToken);
        var sent = await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);

        response.Content.Headers.ContentEncoding.FirstOrDefault().ShouldBe(encoding);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("text/css");
        response.Headers.Vary.ShouldBe(["Accept-Encoding"]);
        Decompress(sent, encoding).ShouldBe(plain.Text);
        (encoding is null || sent.Length * 2 < plain.Text.Length).ShouldBeTrue();
        // With equal tags, a cache could send a browser an encoding that it cannot read.
        (response.Headers.ETag!.Tag == plain.Header("ETag")).ShouldBe(encoding is null);
        (await NotModifiedAsync(server, accepted, response.Headers.ETag)).ShouldBeTrue();
    }

    [Fact]
    public async Task The_page_requests_every_module_at_once_and_no_other_language()
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
        await ShouldServeAllAsync(person.Server, page, 30);
    }

    /// <summary>The layout that publishing makes where Node is installed: one script instead of the modules.</summary>
    [Fact]
    public async Task A_bundled_widget_is_requested_with_its_version_and_cached_for_good()
    {
        var root = Directory.CreateTempSubdirectory("sallyport-bundle").FullName;
        await WriteAsync(root, "mfa-page.css", "body {}");
        await WriteAsync(root, "js/mfa-widget/mfa-widget.css", "p {}");
        await WriteAsync(root, "js/mfa-widget/mfa-widget.js", "// the bundle");
        await WriteAsync(root, "js/mfa-widget/modules/languages/en.js", "export default {};");
        await WriteAsync(root, "js/mfa-widget/modules/languages/de.js", "export default {};");
        await using var server = await TestServer.StartAsync(Engine.Sqlite, (WebHostDefaults.WebRootKey, root));
        var person = await Person.CreateAsync(server);

        var page = await server.GetAsync("/mfa/enrollment?ticket=" + await person.NewTicketAsync());
        var paths = await ShouldServeAllAsync(server, page, 4);

        paths.Select(path => path.Split('?')[0]).Order(StringComparer.Ordinal).ShouldBe(
            ["/js/mfa-widget/mfa-widget.css", "/js/mfa-widget/mfa-widget.js", "/js/mfa-widget/modules/languages/en.js", "/mfa-page.css"]);
        foreach (var path in paths)
        {
            path.ShouldMatch(@"\?v=[0-9a-f]{16}$");
            (await server.GetAsync(path)).Header("Cache-Control").ShouldBe("public, max-age=31536000, immutable");
            (await server.GetAsync(path + "0")).Header("Cache-Control").ShouldBe("no-cache");
            (await server.GetAsync(path.Split('?')[0])).Header("Cache-Control").ShouldBe("no-cache");
        }

        Directory.Delete(root, recursive: true);
    }

    private static async Task<List<string>> ShouldServeAllAsync(TestServer server, Answer page, int atLeast)
    {
        var paths = page.Text.Split('"')
            .Where(text => text.StartsWith('/') && text.Split('?')[0] is var path && (path.EndsWith(".js", StringComparison.Ordinal) || path.EndsWith(".css", StringComparison.Ordinal)))
            .Distinct().ToList();
        paths.Count.ShouldBeGreaterThanOrEqualTo(atLeast);
        foreach (var path in paths)
        {
            (await server.GetAsync(path)).Status.ShouldBe(HttpStatusCode.OK, path);
        }

        return paths;
    }

    private static async Task<bool> NotModifiedAsync(TestServer server, string accepted, EntityTagHeaderValue tag)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/js/mfa-widget/styles/base.css");
        request.Headers.TryAddWithoutValidation("Accept-Encoding", accepted);
        request.Headers.IfNoneMatch.Add(tag);
        using var response = await server.Http.SendAsync(request);
        return response.StatusCode == HttpStatusCode.NotModified;
    }

    private static string Decompress(byte[] content, string? encoding)
    {
        using var source = new MemoryStream(content);
        using Stream decoder = encoding switch
        {
            "br" => new BrotliStream(source, CompressionMode.Decompress),
            "gzip" => new GZipStream(source, CompressionMode.Decompress),
            _ => source,
        };
        using var reader = new StreamReader(decoder);
        return reader.ReadToEnd();
    }

    private static async Task WriteAsync(string root, string path, string text)
    {
        var file = Path.Combine(root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        await File.WriteAllTextAsync(file, text);
    }
}
