namespace Sallyport.Protocols.Liquid.Values;

/// <summary>How a value reads where a list is wanted.</summary>
internal static class Sequence
{
    /// <summary>For array filters: lists within lists are flattened, a map or any other single value becomes a list of one.</summary>
    public static IReadOnlyList<object?> ForFilter(object? value, Budget budget)
    {
        switch (value)
        {
            case null or EmptyKind:
                return [];
            case IReadOnlyDictionary<string, object?>:
                return [value];
            case IReadOnlyList<object?> list:
                budget.Charge(list.Count);
                return list is not LiquidRange && HasList(list) ? Flatten(list, budget) : list;
            default:
                return [value];
        }
    }

    /// <summary>
    /// For loops: a map gives pairs, text that is not empty gives itself, a value that cannot be walked through gives nothing.
    /// </summary>
    public static IReadOnlyList<object?> ForLoop(object? value, Budget budget)
    {
        switch (value)
        {
            case IReadOnlyDictionary<string, object?> map:
                budget.Charge(map.Count);
                return [.. map.Select(LiquidValue.Pair)];
            case IReadOnlyList<object?> list:
                return list;
            case string { Length: > 0 }:
                return [value];
            default:
                return [];
        }
    }

    private static bool HasList(IReadOnlyList<object?> list)
    {
        for (var i = 0; i < list.Count; i++)
        {
            if (list[i] is IReadOnlyList<object?>)
            {
                return true;
            }
        }

        return false;
    }

    private static List<object?> Flatten(IReadOnlyList<object?> list, Budget budget)
    {
        var flat = new List<object?>();
        Flatten(list, flat, budget, 0);
        return flat;
    }

    private static void Flatten(IReadOnlyList<object?> list, List<object?> flat, Budget budget, int depth)
    {
        budget.RequireNesting(depth);
        budget.Charge(list.Count);
        foreach (var item in list)
        {
            if (item is IReadOnlyList<object?> inner)
            {
                Flatten(inner, flat, budget, depth + 1);
            }
            else
            {
                flat.Add(LiquidValue.From(item));
            }
        }
    }
}
