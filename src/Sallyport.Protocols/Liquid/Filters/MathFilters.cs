using Sallyport.Protocols.Liquid.Values;

namespace Sallyport.Protocols.Liquid.Filters;

internal static class MathFilters
{
    public static object? Abs(object? input, object?[] arguments, FilterScope scope) => Number.From(input).Abs().Value;

    public static object? Ceil(object? input, object?[] arguments, FilterScope scope) => Number.From(input).Ceiling().Value;

    public static object? Floor(object? input, object?[] arguments, FilterScope scope) => Number.From(input).Floor().Value;

    public static object? Round(object? input, object?[] arguments, FilterScope scope)
    {
        var digits = arguments.Length > 0 ? Number.From(arguments[0]).Real : 0;
        return Number.From(input).Round((int)Math.Clamp(digits, int.MinValue, int.MaxValue)).Value;
    }

    public static object? AtLeast(object? input, object?[] arguments, FilterScope scope)
    {
        var (a, b) = (Number.From(input), Number.From(arguments[0]));
        return (a.Real >= b.Real ? a : b).Value;
    }

    public static object? AtMost(object? input, object?[] arguments, FilterScope scope)
    {
        var (a, b) = (Number.From(input), Number.From(arguments[0]));
        return (a.Real <= b.Real ? a : b).Value;
    }

    public static object? Plus(object? input, object?[] arguments, FilterScope scope) =>
        (Number.From(input) + Number.From(arguments[0])).Value;

    public static object? Minus(object? input, object?[] arguments, FilterScope scope) =>
        (Number.From(input) - Number.From(arguments[0])).Value;

    public static object? Times(object? input, object?[] arguments, FilterScope scope) =>
        (Number.From(input) * Number.From(arguments[0])).Value;

    public static object? DividedBy(object? input, object?[] arguments, FilterScope scope) =>
        (Number.From(input) / Number.From(arguments[0])).Value;

    public static object? Modulo(object? input, object?[] arguments, FilterScope scope) =>
        (Number.From(input) % Number.From(arguments[0])).Value;
}
