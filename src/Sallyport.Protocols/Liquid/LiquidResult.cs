using System.Diagnostics.CodeAnalysis;

namespace Sallyport.Protocols.Liquid;

/// <summary>Either the text or the error, never a part of the text.</summary>
public readonly record struct LiquidResult
{
    private LiquidResult(string? text, LiquidError? error) => (Text, Error) = (text, error);

    public string? Text { get; }

    public LiquidError? Error { get; }

    [MemberNotNullWhen(true, nameof(Text))]
    [MemberNotNullWhen(false, nameof(Error))]
    public bool Succeeded => Error is null && Text is not null;

    internal static LiquidResult Rendered(string text) => new(text, null);

    internal static LiquidResult Failed(LiquidError error) => new(null, error);
}
