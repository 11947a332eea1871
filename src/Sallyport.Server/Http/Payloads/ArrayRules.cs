using System.ComponentModel.DataAnnotations;
using System.Text.RegularExpressions;

namespace Sallyport.Server.Http.Payloads;

/// <summary>No text stands in the array twice.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Class)]
internal sealed class UniqueItemsAttribute : ValidationAttribute
{
    public override bool IsValid(object? value) => value is not string[] items || FindPair(items) is null;

    public static string Explain(string[] items) =>
        FindPair(items) is var (first, second) ? $"Array items are not unique (indexes {first} and {second})" : "Array items are not unique";

    private static (int First, int Second)? FindPair(string[] items)
    {
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var index = 0; index < items.Length; index++)
        {
            if (!seen.TryAdd(items[index], index))
            {
                return (seen[items[index]], index);
            }
        }

        return null;
    }
}

/// <summary>Each text of the array is one of these.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Class)]
internal class AllowedItemsAttribute(params string[] allowed) : ValidationAttribute
{
    public IReadOnlyList<string> Allowed => allowed;

    public override bool IsValid(object? value) => value is not string[] items || Array.TrueForAll(items, allowed.Contains);
}

/// <summary>Each text of the array has this form.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ItemPatternAttribute(string pattern) : ValidationAttribute
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    public string Pattern => pattern;

    public override bool IsValid(object? value) =>
        value is not string[] items || Array.TrueForAll(items, item => Regex.IsMatch(item, pattern, RegexOptions.CultureInvariant, Patience));
}
