namespace Sallyport.Protocols.Liquid.Values;

internal static class ValueOrder
{
    /// <summary>Null when the two have no order.</summary>
    public static int? Compare(object? left, object? right, Budget budget)
    {
        switch (LiquidValue.From(left), LiquidValue.From(right))
        {
            case (long a, long b):
                return a.CompareTo(b);
            case (double or long, double or long):
                return Number.From(left).Real.CompareTo(Number.From(right).Real);
            case (string a, string b):
                budget.ChargeText(Math.Min(a.Length, b.Length));
                return string.CompareOrdinal(a, b);
            case (DateTimeOffset a, DateTimeOffset b):
                return a.CompareTo(b);
            default:
                return null;
        }
    }

    /// <summary>Nulls come last; values without an order are an error.</summary>
    public static int CompareForSort(object? left, object? right, Budget budget)
    {
        if (left is null || right is null)
        {
            return (left is null ? 1 : 0) - (right is null ? 1 : 0);
        }

        return Compare(left, right, budget)
            ?? (ValueEquality.AreEqual(left, right, budget) ? 0 : throw new LiquidFault("cannot sort values of incompatible types"));
    }

    /// <summary>Ignores the case of ASCII letters; nulls come last.</summary>
    public static int CompareNaturally(object? left, object? right, Budget budget)
    {
        if (left is null || right is null)
        {
            return (left is null ? 1 : 0) - (right is null ? 1 : 0);
        }

        var a = ValueText.Of(left, budget);
        var b = ValueText.Of(right, budget);
        var common = Math.Min(a.Length, b.Length);
        budget.ChargeText(common);
        for (var i = 0; i < common; i++)
        {
            var difference = Fold(a[i]) - Fold(b[i]);
            if (difference != 0)
            {
                return difference;
            }
        }

        return a.Length - b.Length;
    }

    private static char Fold(char c) => char.IsAsciiLetterUpper(c) ? (char)(c | 0x20) : c;
}
