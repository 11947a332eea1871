namespace Sallyport.Protocols.Liquid;

/// <summary>
/// Why a template could not be parsed or rendered, and where: lines and columns count from one, and the partial is null if the fault is in
/// the template itself.
/// </summary>
public sealed record LiquidError(string Message, int Line, int Column, string? Partial = null)
{
    internal static LiquidError At(string source, int offset, string message, string? partial = null)
    {
        var before = source.AsSpan(0, Math.Clamp(offset, 0, source.Length));
        return new LiquidError(message, before.Count('\n') + 1, before.Length - before.LastIndexOf('\n'), partial);
    }

    public override string ToString() =>
        Partial is null ? $"line {Line}, column {Column}: {Message}" : $"{Partial}, line {Line}, column {Column}: {Message}";
}
