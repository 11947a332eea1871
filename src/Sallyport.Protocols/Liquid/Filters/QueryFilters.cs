using Sallyport.Protocols.Liquid.Values;

namespace Sallyport.Protocols.Liquid.Filters;

/// <summary>Filters that select items by a property. It must be truthy or, with a second argument, equal to the argument.</summary>
internal static class QueryFilters
{
    public static object? Where(object? input, object?[] arguments, FilterScope scope) => Select(input, arguments, scope, true);

    public static object? Reject(object? input, object?[] arguments, FilterScope scope) => Select(input, arguments, scope, false);

    public static object? Find(object? input, object?[] arguments, FilterScope scope)
    {
        var items = Sequence.ForFilter(input, scope.Budget);
        return IndexOf(items, arguments, scope) is { } index and >= 0 ? LiquidValue.From(items[index]) : null;
    }

    public static object? FindIndex(object? input, object?[] arguments, FilterScope scope) =>
        IndexOf(Sequence.ForFilter(input, scope.Budget), arguments, scope) is { } index and >= 0 ? Boxed.Of(index) : null;

    public static object? Has(object? input, object?[] arguments, FilterScope scope) =>
        IndexOf(Sequence.ForFilter(input, scope.Budget), arguments, scope) is { } index ? Boxed.Of(index >= 0) : null;

    private static List<object?>? Select(object? input, object?[] arguments, FilterScope scope, bool wanted)
    {
        var chosen = new List<object?>();
        foreach (var item in Sequence.ForFilter(input, scope.Budget))
        {
            var value = LiquidValue.From(item);
            if (Matches(value, arguments, scope) is not { } matches)
            {
                return null;
            }

            if (matches == wanted)
            {
                chosen.Add(value);
            }
        }

        return chosen;
    }

    /// <summary>The index of the first match; -1 if nothing matches, null if an item before the match has no properties.</summary>
    private static int? IndexOf(IReadOnlyList<object?> items, object?[] arguments, FilterScope scope)
    {
        for (var i = 0; i < items.Count; i++)
        {
            switch (Matches(LiquidValue.From(items[i]), arguments, scope))
            {
                case null:
                    return null;
                case true:
                    return i;
            }
        }

        return -1;
    }

    private static bool? Matches(object? item, object?[] arguments, FilterScope scope)
    {
        if (!ItemProperty.TryGet(item, arguments[0], scope.Budget, out var value))
        {
            return null;
        }

        return arguments.Length > 1 && arguments[1] is { } target
            ? ValueEquality.AreEqual(value, target, scope.Budget)
            : LiquidValue.IsTruthy(value);
    }
}

/// <summary>
/// The property of an item that filters like <c>where: 'name'</c> use. Existing templates rely on how Shopify's implementation treats items
/// that are not maps: the property of a text is the part with that name, or the character at an index; the property of an integer is a bit.
/// </summary>
internal static class ItemProperty
{
    /// <summary>False for items without properties, such as null; the result of the filter is then null.</summary>
    public static bool TryGet(object? item, object? property, Budget budget, out object? value)
    {
        value = null;
        switch (item, property)
        {
            case (IReadOnlyDictionary<string, object?> map, _):
                budget.ChargeReading(property);
                value = property is string key && map.TryGetValue(key, out var found) ? LiquidValue.From(found) : null;
                return true;
            case (string text, string part):
                value = TextSearch.First(text, part, budget) >= 0 ? part : null;
                return true;
            case (string text, long index):
                budget.ChargeText(text.Length);
                value = Character(text, index);
                return true;
            case (long number, long bit):
                value = Boxed.Of(bit is >= 0 and < 64 ? (number >> (int)bit) & 1 : 0);
                return true;
            case (long, _) or (string, not null):
                throw new LiquidFault($"cannot select the property {LiquidFault.Quote(ValueText.Of(property, budget))}");
            default:
                return false;
        }
    }

    private static string? Character(string text, long index)
    {
        var count = CodePoints.Count(text);
        var position = index < 0 ? index + count : index;
        return position >= 0 && position < count ? CodePoints.Slice(text, position, 1) : null;
    }
}
