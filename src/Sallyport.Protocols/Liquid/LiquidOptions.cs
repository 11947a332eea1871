using System.Collections.Frozen;

namespace Sallyport.Protocols.Liquid;

/// <summary>
/// What a template may cost. The defaults leave a page of ordinary size far from every limit and end a hostile one within milliseconds.
/// </summary>
public sealed record LiquidLimits
{
    /// <summary>Each level costs stack in the parser and in the renderer, and a stack overflow cannot be caught.</summary>
    private const int HighestNesting = 250;

    public static LiquidLimits Default { get; } = new();

    /// <summary>Characters of one template.</summary>
    public int MaxSourceLength { get; init; } = 262_144;

    /// <summary>
    /// Depth of tags, of brackets and ranges within an expression, of partials within partials, and of lists within a printed value.
    /// At most 250.
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

    /// <summary>Work of one rendering: a step is a tag, an item, a filter, or a handful of characters copied or compared.</summary>
    public int MaxSteps { get; init; } = 1_000_000;

    /// <summary>Characters written by one rendering.</summary>
    public int MaxOutputLength { get; init; } = 1_048_576;

    /// <summary>Characters of any one value.</summary>
    public int MaxStringLength { get; init; } = 262_144;

    /// <summary>Numbers in one range.</summary>
    public int MaxRangeLength { get; init; } = 100_000;
}

public sealed record LiquidRenderOptions
{
    public static LiquidRenderOptions Default { get; } = new();

    /// <summary>What <c>'now'</c> and <c>'today'</c> mean to the <c>date</c> filter. Without it a template that asks is in error.</summary>
    public DateTimeOffset? Now { get; init; }

    /// <summary>
    /// Whether the texts of the data are marked, and with them what filters decode (<see cref="MarkedText"/>). Marks are in the result:
    /// <see cref="Html.MarkedHtml"/> writes in place of each what means its character there.
    /// </summary>
    public bool MarksData { get; init; }

    /// <summary>Everything that <c>include</c>, <c>render</c> and <c>layout</c> can name. There is no other place they look in.</summary>
    public IReadOnlyDictionary<string, LiquidTemplate> Partials { get; init; } = FrozenDictionary<string, LiquidTemplate>.Empty;
}
