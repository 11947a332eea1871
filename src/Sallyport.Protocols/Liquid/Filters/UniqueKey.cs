using Sallyport.Protocols.Liquid.Values;

namespace Sallyport.Protocols.Liquid.Filters;

/// <summary>
/// Lets a hash set compare values as templates do. Maps and lists hash by their size only, and each comparison is paid for.
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
                return text.GetHashCode(StringComparison.Ordinal);
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
