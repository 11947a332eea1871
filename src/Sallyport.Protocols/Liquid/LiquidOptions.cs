using System.Collections.Frozen;

namespace Sallyport.Protocols.Liquid;

/// <summary>
/// Limits on the cost of a template (docs/adr/0010-liquid-engine-of-our-own.md). Ordinary pages stay far below the defaults. Lengths are in
/// UTF-16 code units.
/// </summary>
public sealed record LiquidLimits
{
    /// <summary>Each level uses stack in the parser and in the renderer, and a stack overflow cannot be caught.</summary>
    private const int HighestNesting = 250;

    /// <summary>The limits that are used if a caller has no reason for others.</summary>
    public static LiquidLimits Default { get; } = new();

    /// <summary>Length of one template.</summary>
    public int MaxSourceLength { get; init; } = 262_144;

    /// <summary>
    /// How deep tags, partials, the brackets and ranges of an expression, and the lists of a printed value may be nested. From 1 to 250.
    /// </summary>
    public int MaxNesting
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, HighestNesting);
            field = value;
        }
    } = 100;

    /// <summary>Work of one rendering: a step is a tag, an item, a filter, or 16 characters copied or compared.</summary>
    public int MaxSteps { get; init; } = 1_000_000;

    /// <summary>Length of the result.</summary>
    public int MaxOutputLength { get; init; } = 1_048_576;

    /// <summary>Length of any single value.</summary>
    public int MaxStringLength { get; init; } = 262_144;

    /// <summary>Number of integers in a range.</summary>
    public int MaxRangeLength { get; init; } = 100_000;
}

/// <summary>Options of one rendering.</summary>
public sealed record LiquidRenderOptions
{
    /// <summary>The result is HTML. There are no partials, there is no current time, and data is not marked.</summary>
    public static LiquidRenderOptions Default { get; } = new();

    /// <summary>The value of <c>'now'</c> and <c>'today'</c> for the <c>date</c> filter. If it is null, using them is an error.</summary>
    public DateTimeOffset? Now { get; init; }

    /// <summary>
    /// Whether text from data, and text that filters decode, is marked (<see cref="MarkedText"/>). The result then contains marks, which
    /// <see cref="Html.MarkedHtml"/> replaces by escapes.
    /// </summary>
    public bool MarksData { get; init; }

    /// <summary>
    /// Whether the result is HTML. In plain text, such as the subject of a mail, filters that write HTML (<c>escape</c>, <c>escape_once</c>,
    /// <c>newline_to_br</c>) do nothing: a mail program would show what they write.
    /// </summary>
    public bool IsHtml { get; init; } = true;

    /// <summary>The partials for <c>include</c>, <c>render</c> and <c>layout</c>, by name. There are no others.</summary>
    public IReadOnlyDictionary<string, LiquidTemplate> Partials { get; init; } = FrozenDictionary<string, LiquidTemplate>.Empty;
}
