using Sallyport.Protocols.Liquid.Values;

namespace Sallyport.Protocols.Liquid.Filters;

internal static class MathFilters
{
    public static object? Abs(object? input, object?[] arguments, FilterScope scope) => Read(input, scope).Abs().Value;

    public static object? Ceil(object? input, object?[] arguments, FilterScope scope) => Read(input, scope).Ceiling().Value;

    public static object? Floor(object? input, object?[] arguments, FilterScope scope) => Read(input, scope).Floor().Value;

    public static object? Round(object? input, object?[] arguments, FilterScope scope)
    {
        var digits = arguments.Length > 0 ? Read(arguments[0], scope).Real : 0;
        return Read(input, scope).Round((int)Math.Clamp(digits, int.MinValue, int.MaxValue)).Value;
    }

    public static object? AtLeast(object? input, object?[] arguments, FilterScope scope)
    {
        var (a, b) = (Read(input, scope), Read(arguments[0], scope));
        return (a.Real >= b.Real ? a : b).Value;
    }

    public static object? AtMost(object? input, object?[] arguments, FilterScope scope)
    {
        var (a, b) = (Read(input, scope), Read(arguments[0], scope));
        return (a.Real <= b.Real ? a : b).Value;
    }

    public static object? Plus(object? input, object?[] arguments, FilterScope scope) =>
        (Read(input, scope) + Read(arguments[0], scope)).Value;

    public static object? Minus(object? input, object?[] arguments, FilterScope scope) =>
        (Read(input, scope) - Read(arguments[0], scope)).Value;

    public static object? Times(object? input, object?[] arguments, FilterScope scope) =>
        (Read(input, scope) * Read(arguments[0], scope)).Value;

    public static object? DividedBy(object? input, object?[] arguments, FilterScope scope) =>
        (Read(input, scope) / Read(arguments[0], scope)).Value;

    public static object? Modulo(object? input, object?[] arguments, FilterScope scope) =>
        (Read(input, scope) % Read(arguments[0], scope)).Value;

    private static Number Read(object? value, FilterScope scope)
    {
        scope.Budget.ChargeReading(value);
        return Number.From(value);
    }
}
