namespace Sallyport.Protocols.Liquid.Values;

/// <summary>The closed set of values. Whatever enters from the caller's data passes through <see cref="From"/>.</summary>
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

    /// <summary>With a computed key the words size, first and last are ordinary keys.</summary>
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
