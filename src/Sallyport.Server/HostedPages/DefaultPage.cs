using Sallyport.Protocols.Liquid;
using Sallyport.Server.Tenants;

namespace Sallyport.Server.HostedPages;

/// <summary>The page that is shown where the tenant has none of its own, and what a tenant's own may begin with.</summary>
internal static class DefaultPage
{
    public static readonly string Source = Load();

    public static readonly LiquidTemplate Template =
        MfaPageTemplate.TryParse(Source, out var template, out var error)
            ? template
            : throw new InvalidOperationException($"The default page does not parse: {error}");

    private static string Load()
    {
        using var reader = new StreamReader(typeof(DefaultPage).Assembly.GetManifestResourceStream("pages/DefaultPage.liquid")!);
        return reader.ReadToEnd();
    }
}
