using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Sallyport.Browser.Tests.Hosting;

/// <summary>A customer's own web site, of another origin than the server.</summary>
internal sealed class CustomerSite : IAsyncDisposable
{
    private const string Logo = """
        <svg xmlns="http://www.w3.org/2000/svg" width="120" height="40" viewBox="0 0 120 40"><rect width="120" height="40" rx="6" fill="#0b6e4f"/></svg>
        """;

    private readonly WebApplication app;

    private CustomerSite(WebApplication app) => this.app = app;

    public string Url => app.Urls.First();

    /// <param name="script">A script file, served under its name.</param>
    public static async Task<CustomerSite> StartAsync(string html, string? script = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.MapGet("/", () => Results.Content(html, "text/html; charset=utf-8"));
        app.MapGet("/logo.svg", () => Results.Content(Logo, "image/svg+xml"));
        if (script is not null)
        {
            app.MapGet("/" + Path.GetFileName(script), () => Results.File(script, "text/javascript"));
        }

        await app.StartAsync();
        return new CustomerSite(app);
    }

    /// <summary>A page that follows the published examples: a script tag, and the constructor on the next line.</summary>
    /// <param name="options">The members of the constructor's argument.</param>
    /// <param name="style">Of the page, in CSS.</param>
    public static string Page(string serverUrl, string options, string style = "") =>
        $$"""
        <!DOCTYPE html>
        <html lang="en">
        <head>
          <meta charset="utf-8">
          <meta name="viewport" content="width=device-width, initial-scale=1">
          <title>Second step</title>
          <style>{{style}}</style>
        </head>
        <body>
          <div id="container"></div>
          <script src="{{serverUrl}}/js/mfa-widget/mfa-widget-1.2.1.min.js"></script>
          <script>
            (function () {
              return new Auth0MFAWidget({
                container: "container",
                {{options}}
              });
            })();
          </script>
        </body>
        </html>
        """;

    public async ValueTask DisposeAsync() => await app.DisposeAsync();
}
