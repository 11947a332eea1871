using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace Sallyport.Protocols.Liquid.Values;

/// <summary>
/// Data with marked text. Maps and lists are wrapped, and converted level by level when a template uses them: deep data needs no stack, and
/// each text is marked once.
/// </summary>
internal static class MarkedData
{
    public static object? From(object? value) => value switch
    {
        string text => MarkedText.Mark(text),
        TrustedText text => text.Value,
        IReadOnlyDictionary<string, object?> map => new MarkedMap(map),
        IReadOnlyList<object?> list => new MarkedList(list),
        _ => value,
    };
}

/// <summary>A map with marked keys and values. Keys are found by their value, marked or not.</summary>
internal sealed class MarkedMap(IReadOnlyDictionary<string, object?> data) : IReadOnlyDictionary<string, object?>
{
    private Dictionary<string, object?> Entries => field ??= Convert();

    public int Count => Entries.Count;

    public IEnumerable<string> Keys => Entries.Keys;

    public IEnumerable<object?> Values => Entries.Values;

    public object? this[string key] => Entries[key];

    public bool ContainsKey(string key) => Entries.ContainsKey(key);

    public bool TryGetValue(string key, [MaybeNullWhen(false)] out object? value) => Entries.TryGetValue(key, out value);

    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator() => Entries.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>If keys differ only in characters that marking removes, the first is kept.</summary>
    private Dictionary<string, object?> Convert()
    {
        var entries = new Dictionary<string, object?>(data.Count, MarkedText.Comparer);
        foreach (var (key, value) in data)
        {
            entries.TryAdd(MarkedText.Mark(key), MarkedData.From(value));
        }

        return entries;
    }
}

internal sealed class MarkedList(IReadOnlyList<object?> data) : IReadOnlyList<object?>
{
    private object?[] Items => field ??= [.. data.Select(MarkedData.From)];

    public int Count => data.Count;

    public object? this[int index] => Items[index];

    public IEnumerator<object?> GetEnumerator() => ((IEnumerable<object?>)Items).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
