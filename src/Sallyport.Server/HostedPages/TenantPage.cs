using Sallyport.Protocols.Liquid;
using Sallyport.Server.Tenants;

namespace Sallyport.Server.HostedPages;

/// <summary>Renders the page of a tenant: its own if that is enabled and does not fail, or the default page.</summary>
internal sealed class TenantPage(PageRenderer renderer)
{
    private ParsedPage? parsed;

    public ShownPage Render(TenantSettings tenant, PageData data)
    {
        if (tenant.GuardianMfaPage is not { Enabled: true, Html: { Length: > 0 } html })
        {
            return new ShownPage(RenderDefault(data), IsOwn: false);
        }

        var (page, error) = Render(html, data);
        return page is null
            ? new ShownPage(RenderDefault(data), IsOwn: false) { Failure = error }
            : new ShownPage(page, IsOwn: true);
    }

    public (RenderedPage? Page, LiquidError? Error) Render(string html, PageData data)
    {
        var (template, error) = Parse(html);
        return template is null ? (null, error) : renderer.Render(template, data);
    }

    private RenderedPage RenderDefault(PageData data)
    {
        var (page, error) = renderer.Render(DefaultPage.Template, data);
        return page ?? throw new InvalidOperationException($"The default page cannot be rendered: {error}");
    }

    private (LiquidTemplate? Template, LiquidError? Error) Parse(string html)
    {
        var known = parsed;
        if (known is null || known.Html != html)
        {
            var template = MfaPageTemplate.TryParse(html, out var result, out var error) ? result : null;
            parsed = known = new ParsedPage(html, template, error);
        }

        return (known.Template, known.Error);
    }

    private sealed record ParsedPage(string Html, LiquidTemplate? Template, LiquidError? Error);
}

/// <param name="IsOwn">Whether it is the tenant's page rather than the default page.</param>
internal sealed record ShownPage(RenderedPage Page, bool IsOwn)
{
    /// <summary>The error in the tenant's page, if the default page is shown because of it.</summary>
    public LiquidError? Failure { get; init; }
}
