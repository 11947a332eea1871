namespace Sallyport.Protocols.Liquid.Values;

internal static class ValueEquality
{
    public static bool AreEqual(object? left, object? right, Budget budget, int depth = 0)
    {
        budget.RequireNesting(depth);
        if (left is EmptyKind kind)
        {
            budget.ChargeReading(right);
            return kind.Describes(right);
        }

        if (right is EmptyKind other)
        {
            budget.ChargeReading(left);
            return other.Describes(left);
        }

        return AreSame(LiquidValue.From(left), LiquidValue.From(right), budget, depth);
    }

    private static bool AreSame(object? left, object? right, Budget budget, int depth)
    {
        switch (left, right)
        {
            case (null, _) or (_, null):
                return left is null && right is null;
            case (string a, string b):
                budget.ChargeText(Math.Min(a.Length, b.Length));
                return MarkedText.AreEqual(a, b);
            case (LiquidRange, _) or (_, LiquidRange):
                return left.Equals(right);
            case (IReadOnlyDictionary<string, object?> a, IReadOnlyDictionary<string, object?> b):
                return AreSame(a, b, budget, depth + 1);
            case (IReadOnlyList<object?> a, IReadOnlyList<object?> b):
                return AreSame(a, b, budget, depth + 1);
            case (long a, double b):
                return a == b;
            case (double a, long b):
                return a == b;
            default:
                return left.Equals(right);
        }
    }

    private static bool AreSame(IReadOnlyList<object?> left, IReadOnlyList<object?> right, Budget budget, int depth)
    {
        if (left.Count != right.Count)
        {
            return false;
        }

        budget.Charge(left.Count);
        for (var i = 0; i < left.Count; i++)
        {
            if (!AreEqual(left[i], right[i], budget, depth))
            {
                return false;
            }
        }

        return true;
    }

    private static bool AreSame(
        IReadOnlyDictionary<string, object?> left, IReadOnlyDictionary<string, object?> right, Budget budget, int depth)
    {
        if (left.Count != right.Count)
        {
            return false;
        }

        budget.Charge(left.Count);
        foreach (var (key, value) in left)
        {
            if (!right.TryGetValue(key, out var other) || !AreEqual(value, other, budget, depth))
            {
                return false;
            }
        }

        return true;
    }
}

internal static class ValueOrder
{
    /// <summary>Returns null if the two have no order.</summary>
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
                return MarkedText.Compare(a, b);
            case (DateTimeOffset a, DateTimeOffset b):
                return a.CompareTo(b);
            default:
                return null;
        }
    }

    /// <summary>Nulls come last. Values without an order are an error.</summary>
    public static int CompareForSort(object? left, object? right, Budget budget)
    {
        if (left is null || right is null)
        {
            return (left is null ? 1 : 0) - (right is null ? 1 : 0);
        }

        return Compare(left, right, budget)
            ?? (ValueEquality.AreEqual(left, right, budget) ? 0 : throw new LiquidFault("cannot sort values of incompatible types"));
    }

    /// <summary>Compares as text, without the case of ASCII letters. Nulls come last.</summary>
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

    private static char Fold(char c) => char.IsAsciiLetterUpper(c) ? (char)(c | 0x20) : MarkedText.Unmark(c);
}
