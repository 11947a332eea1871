namespace Sallyport.Protocols.Liquid.Values;

/// <summary>The words <c>empty</c> and <c>blank</c>: they print nothing and exist to be compared with.</summary>
internal sealed class EmptyKind
{
    public static readonly EmptyKind Empty = new();
    public static readonly EmptyKind Blank = new();

    private EmptyKind()
    {
    }

    public bool Describes(object? value) => value switch
    {
        string text => this == Blank ? text.AsSpan().TrimStart(Whitespace.Characters).IsEmpty : text.Length == 0,
        IReadOnlyDictionary<string, object?> map => map.Count == 0,
        IReadOnlyList<object?> list => list.Count == 0,
        null or false => this == Blank,
        _ => false,
    };
}
