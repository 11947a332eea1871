using System.Globalization;
using System.Text;

namespace Sallyport.Server.ResourceServers;

/// <summary>Identifiers that a reader, or a careless verifier, takes for one another.</summary>
internal static class Lookalike
{
    /// <summary>Letters that show nothing.</summary>
    private const string Fillers = "\u115F\u1160\u3164\uFFA0";

    /// <returns>Whether they are not the same and differ in scheme, slashes, case and what cannot be seen alone.</returns>
    public static bool Is(string identifier, string other) =>
        identifier != other && Seen(identifier).Equals(Seen(other), StringComparison.OrdinalIgnoreCase);

    private static string Seen(string identifier)
    {
        var seen = string.Concat(identifier.EnumerateRunes().Where(IsSeen));
        return seen.StartsWith("http:", StringComparison.OrdinalIgnoreCase) ? "https:" + seen["http:".Length..] : seen;
    }

    private static bool IsSeen(Rune rune) => rune.Value is not ('/' or '\\') && Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse
            or UnicodeCategory.OtherNotAssigned or UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator
            or UnicodeCategory.ParagraphSeparator or UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark => false,
        _ => !Fillers.Contains(rune.ToString(), StringComparison.Ordinal),
    };
}
