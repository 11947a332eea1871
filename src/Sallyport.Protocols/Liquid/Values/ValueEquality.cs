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
                return string.Equals(a, b, StringComparison.Ordinal);
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
