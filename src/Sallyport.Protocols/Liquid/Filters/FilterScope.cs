using Sallyport.Protocols.Liquid.Values;

namespace Sallyport.Protocols.Liquid.Filters;

internal readonly record struct FilterScope(Budget Budget, DateTimeOffset? Now)
{
    public string Text(object? value) => ValueText.Of(value, Budget);
}
