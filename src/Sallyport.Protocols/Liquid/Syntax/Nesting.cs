using Sallyport.Protocols.Liquid.Values;

namespace Sallyport.Protocols.Liquid.Syntax;

/// <summary>Depth of the parser's recursion, over all productions together. The renderer recurses no deeper than the parser did.</summary>
internal sealed class Nesting(int limit)
{
    private int _depth;

    public bool IsOutermost => _depth == 0;

    public void Enter(int offset)
    {
        if (++_depth > limit)
        {
            throw new LiquidFault($"nested deeper than {limit} levels", offset);
        }
    }

    public void Leave() => _depth--;
}
