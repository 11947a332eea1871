using Sallyport.Protocols.Liquid.Values;

namespace Sallyport.Protocols.Liquid.Filters;

internal static class DefaultFilter
{
    /// <summary>Replaces null, false and empty values; with <c>allow_false: true</c>, false is kept.</summary>
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
