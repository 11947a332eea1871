namespace Sallyport.Protocols.Liquid.Rendering;

/// <summary>Names that live as long as a loop or a partial, and hide what was assigned.</summary>
internal sealed class ScopeFrame(string firstName, string? secondName = null)
{
    private Dictionary<string, object?>? _more;

    public ScopeFrame? Outer { get; set; }

    public object? First { get; set; }

    public object? Second { get; set; }

    public void Add(string name, object? value) => (_more ??= new(StringComparer.Ordinal))[name] = value;

    public bool TryGet(string name, out object? value)
    {
        if (string.Equals(name, firstName, StringComparison.Ordinal))
        {
            value = First;
            return true;
        }

        if (string.Equals(name, secondName, StringComparison.Ordinal))
        {
            value = Second;
            return true;
        }

        value = null;
        return _more is not null && _more.TryGetValue(name, out value);
    }
}
