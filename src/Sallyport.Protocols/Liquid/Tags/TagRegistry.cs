using System.Collections.Frozen;
using Sallyport.Protocols.Liquid.Syntax;

namespace Sallyport.Protocols.Liquid.Tags;

internal static class TagRegistry
{
    private static readonly FrozenDictionary<string, TagParser> All = new Dictionary<string, TagParser>(StringComparer.Ordinal)
    {
        ["#"] = UnrenderedTags.SkipLines,
        ["assign"] = AssignNode.Parse,
        ["block"] = BlockNode.Parse,
        ["break"] = InterruptNode.ParseBreak,
        ["capture"] = CaptureNode.Parse,
        ["case"] = CaseNode.Parse,
        ["comment"] = UnrenderedTags.SkipComment,
        ["continue"] = InterruptNode.ParseContinue,
        ["cycle"] = CycleNode.Parse,
        ["decrement"] = CounterNode.ParseDecrement,
        ["doc"] = UnrenderedTags.SkipDoc,
        ["echo"] = LineTags.ParseEcho,
        ["for"] = ForNode.Parse,
        ["if"] = IfNode.ParseIf,
        ["ifchanged"] = IfChangedNode.Parse,
        ["include"] = IncludeNode.Parse,
        ["increment"] = CounterNode.ParseIncrement,
        ["layout"] = LayoutNode.Parse,
        ["liquid"] = LineTags.ParseLiquid,
        ["raw"] = LineTags.ParseRaw,
        ["render"] = RenderNode.Parse,
        ["tablerow"] = TableRowNode.Parse,
        ["unless"] = IfNode.ParseUnless,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static TagParser? Find(string name) => All.GetValueOrDefault(name);
}
