using System.Collections;

namespace Sallyport.Protocols.Liquid.Values;

/// <summary>The closed set of values. All values from the data of the caller pass through <see cref="From"/>.</summary>
internal static class LiquidValue
{
    public static object? From(object? value) => value switch
    {
        null or string or bool or long => value,
        double number => double.IsFinite(number) ? value : throw new LiquidFault("the data hold a number that is not finite"),
        IReadOnlyDictionary<string, object?> or IReadOnlyList<object?> or DateTimeOffset or PropertySource or EmptyKind => value,
        int number => Boxed.Of(number),
        short or byte or sbyte or ushort or uint => Convert.ToInt64(value, null),
        float number => (double)number,
        TrustedText text => text.Value,
        decimal number => decimal.IsInteger(number) && number.Scale == 0 && decimal.Abs(number) <= long.MaxValue
            ? (object)(long)number
            : (double)number,
        _ => throw new LiquidFault("the data hold a value of a kind that templates cannot use"),
    };

    public static bool IsTruthy(object? value) => value is not (null or false);

    public static object? Property(object? value, string name)
    {
        switch (value)
        {
            case IReadOnlyDictionary<string, object?> map:
                return map.TryGetValue(name, out var found) ? From(found) : Computed(map, name);
            case PropertySource source:
                return source.Get(name);
            case IReadOnlyList<object?> list:
                return Computed(list, name);
            case string text:
                return Computed(text, name);
            default:
                return null;
        }
    }

    /// <summary>Looks up a computed key, for which size, first and last are ordinary keys.</summary>
    public static object? Item(object? value, object? key) => (value, key) switch
    {
        (IReadOnlyDictionary<string, object?> map, string name) => map.TryGetValue(name, out var found) ? From(found) : null,
        (PropertySource source, string name) => source.Get(name),
        (LiquidRange, _) => null,
        (IReadOnlyList<object?> list, long index) => At(list, index),
        _ => null,
    };

    public static object? At(IReadOnlyList<object?> list, long index)
    {
        var position = index < 0 ? index + list.Count : index;
        return position >= 0 && position < list.Count ? From(list[(int)position]) : null;
    }

    public static object? First(object? value) => value switch
    {
        IReadOnlyDictionary<string, object?> map => Computed(map, "first"),
        IReadOnlyList<object?> list => At(list, 0),
        string text => Computed(text, "first"),
        _ => null,
    };

    public static object? Last(object? value) => value switch
    {
        IReadOnlyDictionary<string, object?> => null,
        IReadOnlyList<object?> list => At(list, -1),
        string text => Computed(text, "last"),
        _ => null,
    };

    public static object?[] Pair(KeyValuePair<string, object?> entry) => [entry.Key, From(entry.Value)];

    private static object? Computed(IReadOnlyDictionary<string, object?> map, string name) => name switch
    {
        "size" => Boxed.Of(map.Count),
        "first" when map.Count > 0 => Pair(map.First()),
        _ => null,
    };

    private static object? Computed(IReadOnlyList<object?> list, string name) => name switch
    {
        "size" => Boxed.Of(list.Count),
        "first" => At(list, 0),
        "last" => At(list, -1),
        _ => null,
    };

    private static object? Computed(string text, string name) => name switch
    {
        "size" => Boxed.Of(CodePoints.Count(text)),
        "first" => CodePoints.Slice(text, 0, 1),
        "last" => CodePoints.Slice(text, Math.Max(0, CodePoints.Count(text) - 1), 1),
        _ => null,
    };
}

/// <summary>Boxed flags and small numbers, to avoid allocations for loop counters.</summary>
internal static class Boxed
{
    public static readonly object True = true;
    public static readonly object False = false;

    private const int Kept = 256;
    private static readonly object[] Small = [.. Enumerable.Range(0, Kept).Select(n => (object)(long)n)];

    public static object Of(bool value) => value ? True : False;

    public static object Of(long value) => (ulong)value < Kept ? Small[value] : value;
}

/// <summary>The values of <c>empty</c> and <c>blank</c>, which are made for comparisons and print nothing.</summary>
internal sealed class EmptyKind
{
    public static readonly EmptyKind Empty = new();
    public static readonly EmptyKind Blank = new();

    private EmptyKind()
    {
    }

    public bool Describes(object? value) => value switch
    {
        string text => this == Blank ? text.AsSpan().TrimStart(Whitespace.Characters).IsEmpty : text.Length == 0,
        IReadOnlyDictionary<string, object?> map => map.Count == 0,
        IReadOnlyList<object?> list => list.Count == 0,
        null or false => this == Blank,
        _ => false,
    };
}

/// <summary>A value of the engine with computed properties, such as <c>forloop</c>.</summary>
internal abstract class PropertySource
{
    public abstract object? Get(string name);
}

/// <summary>A range of integers, both ends included; empty if the last is before the first.</summary>
internal sealed record LiquidRange(long First, long Last) : IReadOnlyList<object?>
{
    public static LiquidRange Create(long first, long last, Budget budget)
    {
        budget.RequireRange(last < first ? 0 : (long)UInt128.Min(long.MaxValue, (UInt128)((Int128)last - first + 1)));
        return new LiquidRange(first, last);
    }

    public int Count => Last < First ? 0 : (int)(Last - First + 1);

    public object? this[int index] => Boxed.Of(First + index);

    public IEnumerator<object?> GetEnumerator()
    {
        for (var i = 0; i < Count; i++)
        {
            yield return this[i];
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public override string ToString() => $"{First}..{Last}";
}

/// <summary>Converts values to lists.</summary>
internal static class Sequence
{
    /// <summary>For array filters: nested lists are flattened, and a map or any other single value becomes a list of one.</summary>
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
    /// For loops: a map becomes a list of pairs, a nonempty text a list of one, any other value an empty list.
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
