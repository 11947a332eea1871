using System.Reflection;

namespace Sallyport.Server.Configuration;

/// <summary>The version of the build, with the commit that it was built from if that is known: <c>0.1.0+3f2a…</c>.</summary>
internal static class ProductVersion
{
    public static string Text { get; } =
        typeof(ProductVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";
}
