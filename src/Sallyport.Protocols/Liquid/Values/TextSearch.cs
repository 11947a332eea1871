namespace Sallyport.Protocols.Liquid.Values;

/// <summary>
/// Searching takes time in proportion to the text times the pattern when both repeat themselves, and is paid for as if they always did.
/// </summary>
internal static class TextSearch
{
    private const int PatternCharactersForFree = 64;

    public static void Charge(string text, string pattern, Budget budget)
    {
        var comparisons = (long)Math.Max(0, text.Length - pattern.Length) * (1 + (pattern.Length / PatternCharactersForFree));
        budget.ChargeText((int)Math.Min(int.MaxValue, comparisons));
    }

    public static int Count(string text, string pattern, Budget budget)
    {
        Charge(text, pattern, budget);
        return text.AsSpan().Count(pattern);
    }

    public static int First(string text, string pattern, Budget budget)
    {
        Charge(text, pattern, budget);
        return text.IndexOf(pattern, StringComparison.Ordinal);
    }

    public static int Last(string text, string pattern, Budget budget)
    {
        Charge(text, pattern, budget);
        return pattern.Length == 0 ? text.Length : text.LastIndexOf(pattern, StringComparison.Ordinal);
    }
}
