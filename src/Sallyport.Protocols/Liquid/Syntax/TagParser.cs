using Sallyport.Protocols.Liquid.Rendering;

namespace Sallyport.Protocols.Liquid.Syntax;

/// <summary>Parses a tag and, of a block tag, everything up to its end. Null when nothing is to be rendered.</summary>
internal delegate Node? TagParser(Piece tag, TemplateParser parser);
