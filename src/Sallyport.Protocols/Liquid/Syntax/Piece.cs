namespace Sallyport.Protocols.Liquid.Syntax;

/// <summary>A stretch of the source: text, the inside of an output, or the inside of a tag behind its name.</summary>
internal readonly record struct Piece(PieceKind Kind, int Offset, int Start, int End, string Name = "");
