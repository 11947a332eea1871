namespace Sallyport.Protocols.Liquid.Expressions;

/// <summary>Either <c>.name</c> or <c>[index]</c>.</summary>
internal readonly record struct PathSegment(string? Name, Expression? Index);
