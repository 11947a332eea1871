using Sallyport.Protocols.Liquid.Values;

namespace Sallyport.Protocols.Liquid.Filters;

/// <summary>
/// What <c>where: 'name'</c> and its kin see of an item. Templates in the field rely on what the defining implementation happens to do with
/// items that are no maps: of text it is the part named, or the character at an index; of an integer it is a bit.
/// </summary>
internal static class ItemProperty
{
    /// <summary>False for items that have no properties at all, such as null: the filter then gives up and answers null.</summary>
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
                TextSearch.Charge(text, part, budget);
                value = text.Contains(part, StringComparison.Ordinal) ? part : null;
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
