using System.Text;
using Sallyport.Protocols.Liquid.Values;

namespace Sallyport.Protocols.Liquid.Filters;

internal static class ArrayFilters
{
    public static object? First(object? input, object?[] arguments, FilterScope scope)
    {
        scope.Budget.ChargeReading(input);
        return LiquidValue.First(input);
    }

    public static object? Last(object? input, object?[] arguments, FilterScope scope)
    {
        scope.Budget.ChargeReading(input);
        return LiquidValue.Last(input);
    }

    public static object? Size(object? input, object?[] arguments, FilterScope scope)
    {
        scope.Budget.ChargeReading(input);
        return Boxed.Of(input switch
        {
            string text => CodePoints.Count(text),
            IReadOnlyDictionary<string, object?> map => map.Count,
            IReadOnlyList<object?> list => list.Count,
            _ => 0,
        });
    }

    public static object? Join(object? input, object?[] arguments, FilterScope scope)
    {
        var glue = arguments.Length > 0 ? scope.Text(arguments[0]) : scope.Data(" ");
        var joined = new StringBuilder();
        var isFirst = true;
        foreach (var item in Sequence.ForFilter(input, scope.Budget))
        {
            var text = scope.Text(item);
            scope.Budget.ChargeText(text.Length + glue.Length);
            if (joined.Length + (long)text.Length + glue.Length > scope.Budget.MaxStringLength)
            {
                scope.Budget.RequireString(joined.Length + (long)text.Length + glue.Length);
            }

            joined.Append(isFirst ? "" : glue).Append(text);
            isFirst = false;
        }

        return joined.ToString();
    }

    public static object? Reverse(object? input, object?[] arguments, FilterScope scope) =>
        Sequence.ForFilter(input, scope.Budget).Reverse().ToArray();

    public static object? Concat(object? input, object?[] arguments, FilterScope scope)
    {
        if (arguments[0] is not IReadOnlyList<object?> second || second is LiquidRange)
        {
            throw new LiquidFault("concat needs an array");
        }

        scope.Budget.Charge(second.Count);
        return new List<object?>([.. Sequence.ForFilter(input, scope.Budget), .. second]);
    }

    public static object? Map(object? input, object?[] arguments, FilterScope scope)
    {
        var mapped = new List<object?>();
        foreach (var item in Sequence.ForFilter(input, scope.Budget))
        {
            ItemProperty.TryGet(LiquidValue.From(item), arguments[0], scope.Budget, out var value);
            mapped.Add(value);
        }

        return mapped;
    }

    public static object? Compact(object? input, object?[] arguments, FilterScope scope)
    {
        var kept = new List<object?>();
        foreach (var item in Sequence.ForFilter(input, scope.Budget))
        {
            var value = LiquidValue.From(item);
            if (KeyOf(value, arguments, scope) is not null)
            {
                kept.Add(value);
            }
        }

        return kept;
    }

    public static object? Uniq(object? input, object?[] arguments, FilterScope scope)
    {
        var seen = new HashSet<UniqueKey>();
        var kept = new List<object?>();
        foreach (var item in Sequence.ForFilter(input, scope.Budget))
        {
            var value = LiquidValue.From(item);
            if (seen.Add(new UniqueKey(KeyOf(value, arguments, scope), scope.Budget)))
            {
                kept.Add(value);
            }
        }

        return kept;
    }

    public static object? Sum(object? input, object?[] arguments, FilterScope scope)
    {
        var sum = new Number(0L);
        foreach (var item in Sequence.ForFilter(input, scope.Budget))
        {
            var value = KeyOf(LiquidValue.From(item), arguments, scope);
            scope.Budget.ChargeReading(value);
            sum += Number.From(value);
        }

        return sum.Value;
    }

    private static object? KeyOf(object? item, object?[] arguments, FilterScope scope)
    {
        if (arguments.Length == 0 || arguments[0] is null)
        {
            return item;
        }

        ItemProperty.TryGet(item, arguments[0], scope.Budget, out var key);
        return key;
    }
}

/// <summary>
/// Compares values in a hash set as templates compare them. Maps and lists hash by their size, and each comparison is charged.
/// </summary>
internal readonly struct UniqueKey(object? value, Budget budget) : IEquatable<UniqueKey>
{
    private readonly object? _value = value;

    public bool Equals(UniqueKey other)
    {
        budget.Charge(1);
        return ValueEquality.AreEqual(_value, other._value, budget);
    }

    public override bool Equals(object? obj) => obj is UniqueKey other && Equals(other);

    public override int GetHashCode()
    {
        switch (_value)
        {
            case null:
                return 0;
            case string text:
                budget.ChargeText(text.Length);
                return MarkedText.Comparer.GetHashCode(text);
            case long number:
                return ((double)number).GetHashCode();
            case IReadOnlyDictionary<string, object?> map:
                return map.Count;
            case IReadOnlyList<object?> list:
                return list.Count;
            default:
                return _value.GetHashCode();
        }
    }
}
