using System.Collections.Frozen;
using Sallyport.Protocols.Liquid.Values;

namespace Sallyport.Protocols.Liquid.Filters;

internal static class FilterRegistry
{
    private static readonly FrozenDictionary<string, FilterDefinition> All = new Dictionary<string, FilterDefinition>
    {
        ["append"] = new(StringFilters.Append, 1, 1),
        ["capitalize"] = new(StringFilters.Capitalize, 0, 0),
        ["downcase"] = new(StringFilters.Downcase, 0, 0),
        ["lstrip"] = new(StringFilters.StripLeft, 0, 0),
        ["prepend"] = new(StringFilters.Prepend, 1, 1),
        ["rstrip"] = new(StringFilters.StripRight, 0, 0),
        ["slice"] = new(StringFilters.Slice, 1, 2),
        ["split"] = new(SplitFilter.Split, 1, 1),
        ["squish"] = new(StringFilters.Squish, 0, 0),
        ["strip"] = new(StringFilters.Strip, 0, 0),
        ["strip_newlines"] = new(StringFilters.StripNewlines, 0, 0),
        ["truncate"] = new(TruncateFilters.Truncate, 0, 2),
        ["truncatewords"] = new(TruncateFilters.TruncateWords, 0, 2),
        ["upcase"] = new(StringFilters.Upcase, 0, 0),

        ["remove"] = new(ReplaceFilters.Remove, 1, 1),
        ["remove_first"] = new(ReplaceFilters.RemoveFirst, 1, 1),
        ["remove_last"] = new(ReplaceFilters.RemoveLast, 1, 1),
        ["replace"] = new(ReplaceFilters.Replace, 1, 2),
        ["replace_first"] = new(ReplaceFilters.ReplaceFirst, 1, 2),
        ["replace_last"] = new(ReplaceFilters.ReplaceLast, 2, 2),

        ["escape"] = new(HtmlFilters.Escape, 0, 0),
        ["escape_once"] = new(HtmlFilters.EscapeOnce, 0, 0),
        ["h"] = new(HtmlFilters.Escape, 0, 0),
        ["newline_to_br"] = new(HtmlFilters.NewlineToBreak, 0, 0),
        ["strip_html"] = new(HtmlFilters.StripHtml, 0, 0),

        ["base64_decode"] = new(EncodingFilters.Base64Decode, 0, 0),
        ["base64_encode"] = new(EncodingFilters.Base64Encode, 0, 0),
        ["base64_url_safe_decode"] = new(EncodingFilters.Base64UrlDecode, 0, 0),
        ["base64_url_safe_encode"] = new(EncodingFilters.Base64UrlEncode, 0, 0),
        ["json"] = new(EncodingFilters.Json, 0, 0),
        ["url_decode"] = new(UrlFilters.Decode, 0, 0),
        ["url_encode"] = new(UrlFilters.Encode, 0, 0),

        ["abs"] = new(MathFilters.Abs, 0, 0),
        ["at_least"] = new(MathFilters.AtLeast, 1, 1),
        ["at_most"] = new(MathFilters.AtMost, 1, 1),
        ["ceil"] = new(MathFilters.Ceil, 0, 0),
        ["divided_by"] = new(MathFilters.DividedBy, 1, 1),
        ["floor"] = new(MathFilters.Floor, 0, 0),
        ["minus"] = new(MathFilters.Minus, 1, 1),
        ["modulo"] = new(MathFilters.Modulo, 1, 1),
        ["plus"] = new(MathFilters.Plus, 1, 1),
        ["round"] = new(MathFilters.Round, 0, 1),
        ["times"] = new(MathFilters.Times, 1, 1),

        ["compact"] = new(ArrayFilters.Compact, 0, 1),
        ["concat"] = new(ArrayFilters.Concat, 1, 1),
        ["first"] = new(ArrayFilters.First, 0, 0),
        ["join"] = new(ArrayFilters.Join, 0, 1),
        ["last"] = new(ArrayFilters.Last, 0, 0),
        ["map"] = new(ArrayFilters.Map, 1, 1),
        ["reverse"] = new(ArrayFilters.Reverse, 0, 0),
        ["size"] = new(ArrayFilters.Size, 0, 0),
        ["sort"] = new(SortFilters.Sort, 0, 1),
        ["sort_natural"] = new(SortFilters.SortNatural, 0, 1),
        ["sum"] = new(ArrayFilters.Sum, 0, 1),
        ["uniq"] = new(ArrayFilters.Uniq, 0, 1),

        ["find"] = new(QueryFilters.Find, 1, 2),
        ["find_index"] = new(QueryFilters.FindIndex, 1, 2),
        ["has"] = new(QueryFilters.Has, 1, 2),
        ["reject"] = new(QueryFilters.Reject, 1, 2),
        ["where"] = new(QueryFilters.Where, 1, 2),

        ["date"] = new(DateFilter.Date, 1, 1),
        ["default"] = new(DefaultFilter.Default, 0, 1, "allow_false"),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static IReadOnlyCollection<string> Names => All.Keys;

    public static FilterDefinition? Find(string name) => All.GetValueOrDefault(name);
}

/// <summary>
/// A filter and its arguments. <paramref name="Keyword"/> is its named argument, if it has one; such a filter always receives all arguments,
/// the named one last, with null for missing ones.
/// </summary>
internal sealed record FilterDefinition(FilterFunction Function, int MinArguments, int MaxArguments, string? Keyword = null);

internal delegate object? FilterFunction(object? input, object?[] arguments, FilterScope scope);

/// <summary>The state of the rendering that filters use.</summary>
/// <param name="Budget">The rest of the limits.</param>
/// <param name="Options">The options of the rendering.</param>
internal readonly record struct FilterScope(Budget Budget, LiquidRenderOptions Options)
{
    public string Text(object? value) => ValueText.Of(value, Budget);

    /// <summary>
    /// Marks text that a filter has decoded or composed. Its origin is unknown: <c>%3C</c> in a name contains no mark, and decodes to a
    /// character that must be one.
    /// </summary>
    public string Data(string text) => Options.MarksData ? MarkedText.Mark(text) : text;
}
