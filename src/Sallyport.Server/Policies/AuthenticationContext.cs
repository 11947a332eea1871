namespace Sallyport.Server.Policies;

/// <summary>The authentication context of a second factor (docs/wire.md §8).</summary>
internal static class AuthenticationContext
{
    public const string MultiFactor = "http://schemas.openid.net/pape/policies/2007/06/multi-factor";

    /// <param name="acrValues">Separated by spaces.</param>
    public static bool IsMultiFactorAskedBy(string? acrValues) => acrValues?.Split(' ').Contains(MultiFactor, StringComparer.Ordinal) == true;
}
