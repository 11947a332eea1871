using System.Diagnostics.CodeAnalysis;
using Sallyport.Protocols.Liquid;

namespace Sallyport.Server.Tenants;

/// <summary>Liquid, as far as a hosted page may go.</summary>
internal static class MfaPageTemplate
{
    /// <summary>
    /// A page of fifty tags takes some hundred steps. What loops for ever ends within milliseconds, although everybody who
    /// has a link can ask for it again and again.
    /// </summary>
    private static readonly LiquidLimits Limits = new() { MaxSteps = 100_000, MaxRangeLength = 10_000 };

    public static bool TryParse(
        string source, [NotNullWhen(true)] out LiquidTemplate? template, [NotNullWhen(false)] out LiquidError? error) =>
        LiquidTemplate.TryParse(source, Limits, out template, out error);
}
