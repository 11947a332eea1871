namespace Sallyport.Protocols.Liquid.Filters;

internal delegate object? FilterFunction(object? input, object?[] arguments, FilterScope scope);
