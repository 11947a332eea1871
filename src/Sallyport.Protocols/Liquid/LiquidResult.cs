using System.Diagnostics.CodeAnalysis;

namespace Sallyport.Protocols.Liquid;

/// <summary>The result of a rendering: either the whole text or an error.</summary>
public readonly record struct LiquidResult
{
    private LiquidResult(string? text, LiquidError? error) => (Text, Error) = (text, error);

    /// <summary>The whole text; null if there is an error.</summary>
    public string? Text { get; }

    /// <summary>The error that ended the rendering; null if there is none.</summary>
    public LiquidError? Error { get; }

    [MemberNotNullWhen(true, nameof(Text))]
    [MemberNotNullWhen(false, nameof(Error))]
    public bool Succeeded => Error is null && Text is not null;

    internal static LiquidResult Rendered(string text) => new(text, null);

    internal static LiquidResult Failed(LiquidError error) => new(null, error);
}

/// <summary>
/// Why a template could not be parsed or rendered, and where. Lines and columns are counted from one, columns in UTF-16 code units. The
/// partial is null if the error is in the template itself.
/// </summary>
public sealed record LiquidError(string Message, int Line, int Column, string? Partial = null)
{
    internal static LiquidError At(string source, int offset, string message, string? partial = null)
    {
        var before = source.AsSpan(0, Math.Clamp(offset, 0, source.Length));
        return new LiquidError(message, LineOf(source, before.Length), before.Length - before.LastIndexOf('\n'), partial);
    }

    internal static int LineOf(string source, int offset) => source.AsSpan(0, offset).Count('\n') + 1;

    public override string ToString() =>
        Partial is null ? $"line {Line}, column {Column}: {Message}" : $"{Partial}, line {Line}, column {Column}: {Message}";
}
