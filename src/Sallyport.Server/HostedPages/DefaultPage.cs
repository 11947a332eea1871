using Sallyport.Protocols.Liquid;
using Sallyport.Server.Tenants;

namespace Sallyport.Server.HostedPages;

/// <summary>The built-in page. It is shown if the tenant has none of its own, and is a starting point for one.</summary>
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
