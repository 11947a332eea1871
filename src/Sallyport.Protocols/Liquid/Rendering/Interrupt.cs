namespace Sallyport.Protocols.Liquid.Rendering;

internal enum Interrupt
{
    None,
    Break,
    Continue,
}
