using Sallyport.Server.Tests.Architecture;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Browser.Tests.Hosting;

/// <summary>
/// Every state of every screen of the widget, on one page that answers itself in place of the server (gallery.js). Screens that the server can lead
/// to only with a phone, a security key or a provider are here beside all others.
/// </summary>
internal sealed class Gallery
{
    private const string Module = "const gallery = await import('/gallery.js');";

    private readonly Visitor visitor;

    private Gallery(Visitor visitor) => this.visitor = visitor;

    public static async Task<Gallery> OpenAsync(TestServer server, Visitor visitor)
    {
        var script = Repository.PathOf("tests/browser/Hosting/gallery.js");
        await visitor.Page.RouteAsync("**/gallery.js", route => route.FulfillAsync(new() { Path = script, ContentType = "text/javascript" }));
        await visitor.Page.GotoAsync($"{server.Url}/mfa/enrollment");
        await visitor.ExpectScreenAsync("generalError");
        return new Gallery(visitor);
    }

    /// <summary>Stops at the states of all screens but the terminal error, which differ in one paragraph.</summary>
    /// <param name="stop">Called with the name of each state.</param>
    public async Task VisitAsync(Func<string, Task> stop, string language = "en")
    {
        foreach (var name in await visitor.Page.EvaluateAsync<string[]>($"async () => {{ {Module} return gallery.names; }}"))
        {
            if (!name.StartsWith("generalError", StringComparison.Ordinal))
            {
                await visitor.Page.EvaluateAsync($"async ([name, language]) => {{ {Module} await gallery.show(name, language); }}", new[] { name, language });
                await visitor.SettleAsync();
                await stop(name);
            }
        }
    }

    /// <summary>Texts that are missing, and what does not fit, in all states.</summary>
    public Task<string[]> ProblemsAsync(string language) =>
        visitor.Page.EvaluateAsync<string[]>($"async (language) => {{ {Module} return gallery.findProblems(language, {Layout.Find}); }}", language);
}
