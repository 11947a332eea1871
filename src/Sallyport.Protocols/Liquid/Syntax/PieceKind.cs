namespace Sallyport.Protocols.Liquid.Syntax;

internal enum PieceKind
{
    End,
    Text,
    Output,
    Tag,
}
