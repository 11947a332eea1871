using Sallyport.Protocols.Liquid.Values;

namespace Sallyport.Protocols.Liquid.Tags;

/// <summary>The value of <c>forloop</c>.</summary>
internal sealed class LoopValue(int length, string name, PropertySource? parent) : PropertySource
{
    public int Index { get; set; }

    public override object? Get(string property) => property switch
    {
        "index" => Boxed.Of(Index + 1),
        "index0" => Boxed.Of(Index),
        "rindex" => Boxed.Of(length - Index),
        "rindex0" => Boxed.Of(length - Index - 1),
        "first" => Boxed.Of(Index == 0),
        "last" => Boxed.Of(Index == length - 1),
        "length" => Boxed.Of(length),
        "name" => name,
        "parentloop" => parent,
        _ => null,
    };
}
