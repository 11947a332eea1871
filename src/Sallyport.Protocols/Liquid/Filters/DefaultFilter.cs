using Sallyport.Protocols.Liquid.Values;

namespace Sallyport.Protocols.Liquid.Filters;

internal static class DefaultFilter
{
    /// <summary>Stands in for null, false and whatever is empty; with <c>allow_false</c> a false stays.</summary>
    public static object? Default(object? input, object?[] arguments, FilterScope scope)
    {
        var isMissing = input switch
        {
            null or EmptyKind => true,
            false => !LiquidValue.IsTruthy(arguments[^1]),
            _ => EmptyKind.Empty.Describes(input),
        };
        return isMissing ? arguments[0] ?? "" : input;
    }
}
