namespace Sallyport.Protocols.Tests.SocketIo;

/// <summary>Deterministic random numbers (SplitMix64), so that a failure can be repeated.</summary>
internal sealed class FuzzSource(ulong seed)
{
    /// <summary>Fragments of the formats, so that random input gets past the first character.</summary>
    private const string Likely = "0123456:/,?-b[]{}\"\\ud83d\x1e\x00éÃ✓\ud83d";

    private ulong _state = seed;

    public int Below(int limit) => (int)(Next() % (ulong)limit);

    public T Pick<T>(IReadOnlyList<T> items) => items[Below(items.Count)];

    public byte[] Bytes(int maxLength)
    {
        var bytes = new byte[Below(maxLength + 1)];
        for (var i = 0; i < bytes.Length; i++)
        {
            bytes[i] = (byte)Next();
        }

        return bytes;
    }

    public string Text(int maxLength)
    {
        var text = new char[Below(maxLength + 1)];
        for (var i = 0; i < text.Length; i++)
        {
            text[i] = Below(8) == 0 ? (char)Below(0x10000) : Likely[Below(Likely.Length)];
        }

        return new string(text);
    }

    /// <summary>Overwrites, removes or duplicates a few bytes.</summary>
    public byte[] Mutate(byte[] original)
    {
        var bytes = original.ToList();
        for (var changes = Below(4); changes >= 0 && bytes.Count > 0; changes--)
        {
            var at = Below(bytes.Count);
            switch (Below(4))
            {
                case 0:
                    bytes[at] = (byte)Next();
                    break;
                case 1:
                    bytes.RemoveAt(at);
                    break;
                case 2:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
                default:
                    bytes.InsertRange(at, bytes.GetRange(at, Math.Min(bytes.Count - at, Below(9))));
                    break;
            }
        }

        return [.. bytes];
    }

    private ulong Next()
    {
        _state += 0x9E3779B97F4A7C15;
        var mixed = (_state ^ (_state >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return mixed ^ (mixed >> 31);
    }
}
