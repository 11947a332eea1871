namespace Sallyport.Protocols.Liquid.Filters;

/// <summary>
/// The keyword is the one named argument that the filter takes, if any. Such a filter always gets all its arguments, the named one last,
/// absent ones null.
/// </summary>
internal sealed record FilterDefinition(FilterFunction Function, int MinArguments, int MaxArguments, string? Keyword = null);
