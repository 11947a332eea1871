using Sallyport.Protocols.Liquid.Values;

namespace Sallyport.Protocols.Liquid.Rendering;

/// <summary>The variables and the state of tags. A template shares them with the partials it includes; <c>render</c> starts with new ones.</summary>
internal sealed class Variables(IReadOnlyDictionary<string, object?> data)
{
    private Dictionary<string, object?>? _assigned;
    private Dictionary<string, object?>? _counters;
    private ScopeFrame? _frame;

    public Dictionary<string, int> CyclePositions => field ??= new(StringComparer.Ordinal);

    /// <summary>The position at which <c>offset: continue</c> continues, by loop.</summary>
    public Dictionary<string, long> LoopOffsets => field ??= new(StringComparer.Ordinal);

    /// <summary>The value of <c>forloop</c> in the innermost <c>for</c>.</summary>
    public PropertySource? InnermostLoop { get; set; }

    public string? LastChanged { get; set; }

    public object? Find(string name)
    {
        for (var frame = _frame; frame is not null; frame = frame.Outer)
        {
            if (frame.TryGet(name, out var scoped))
            {
                return scoped;
            }
        }

        if (_assigned is not null && _assigned.TryGetValue(name, out var value))
        {
            return value;
        }

        if (_counters is not null && _counters.TryGetValue(name, out value))
        {
            return value;
        }

        return data.TryGetValue(name, out value) ? LiquidValue.From(value) : null;
    }

    public void Assign(string name, object? value) => (_assigned ??= new(StringComparer.Ordinal))[name] = value;

    /// <summary>A counter starts at the number that the data hold under its name, or at zero.</summary>
    public long Count(string name, int step, bool before)
    {
        _counters ??= new(StringComparer.Ordinal);
        var current = _counters.TryGetValue(name, out var counter) || data.TryGetValue(name, out counter)
            ? LiquidValue.From(counter) as long? ?? 0
            : 0;
        var next = unchecked(current + step);
        _counters[name] = Boxed.Of(next);
        return before ? current : next;
    }

    public void Push(ScopeFrame frame)
    {
        frame.Outer = _frame;
        _frame = frame;
    }

    public void Pop() => _frame = _frame!.Outer;
}

/// <summary>Names that exist during a loop or a partial. They hide assigned names.</summary>
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
