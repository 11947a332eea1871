using System.Text;

namespace Sallyport.Server.Users.Search;

/// <summary>Texts with a prefix, as a range in the order of code points, which is that of UTF-8 bytes.</summary>
internal static class TextPrefix
{
    /// <returns>The first text after all that begin with the prefix; null where there is none.</returns>
    public static string? End(string prefix)
    {
        var runes = prefix.EnumerateRunes().ToList();
        while (runes.Count > 0)
        {
            var last = runes[^1].Value;
            runes.RemoveAt(runes.Count - 1);
            // Between D7FF and E000 lie the surrogates, which are no characters.
            if (last < 0x10FFFF)
            {
                return string.Concat(runes) + new Rune(last == 0xD7FF ? 0xE000 : last + 1);
            }
        }

        return null;
    }
}
