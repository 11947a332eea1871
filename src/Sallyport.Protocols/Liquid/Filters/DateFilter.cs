using System.Globalization;
using Sallyport.Protocols.Liquid.Values;

namespace Sallyport.Protocols.Liquid.Filters;

internal static class DateFilter
{
    /// <summary>Returns the input unchanged if it is not a date or if the format is empty.</summary>
    public static object? Date(object? input, object?[] arguments, FilterScope scope)
    {
        scope.Budget.ChargeReading(input);
        var format = scope.Text(arguments[0]);
        return format.Length == 0 || Parse(input, scope) is not { } date ? input : Strftime.Format(date, format, scope.Budget, scope.Data);
    }

    private static DateTimeOffset? Parse(object? input, FilterScope scope)
    {
        switch (input is string marked ? MarkedText.Unmark(marked) : input)
        {
            case DateTimeOffset instant:
                return instant;
            case long seconds:
                return FromUnix(seconds);
            case string text when IsWord(text, "now") || IsWord(text, "today"):
                return scope.Options.Now ?? throw new LiquidFault("the current date is not available here");
            case string { Length: <= DateText.LongestDate } text when long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds):
                return FromUnix(seconds);
            case string text:
                return DateText.Parse(text, scope.Options.Now);
            default:
                return null;
        }
    }

    private static bool IsWord(string text, string word) => text.Equals(word, StringComparison.OrdinalIgnoreCase);

    private static DateTimeOffset? FromUnix(long seconds) =>
        seconds >= DateTimeOffset.MinValue.ToUnixTimeSeconds() && seconds <= DateTimeOffset.MaxValue.ToUnixTimeSeconds()
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : null;
}
