using Sallyport.Protocols.Liquid;
using Sallyport.Server.Tenants;

namespace Sallyport.Server.HostedPages;

/// <summary>The built-in page. It is shown if the tenant has none of its own, and is a starting point for one.</summary>
internal static class DefaultPage
{
    public static readonly LiquidTemplate Template = BuiltInTemplate.Parse("DefaultPage");

    public static string Source => Template.Source;
}

/// <summary>Templates that are part of the program.</summary>
internal static class BuiltInTemplate
{
    public static LiquidTemplate Parse(string name)
    {
        using var reader = new StreamReader(typeof(BuiltInTemplate).Assembly.GetManifestResourceStream($"pages/{name}.liquid")!);
        return MfaPageTemplate.TryParse(reader.ReadToEnd(), out var template, out var error)
            ? template
            : throw new InvalidOperationException($"{name} does not parse: {error}");
    }
}
