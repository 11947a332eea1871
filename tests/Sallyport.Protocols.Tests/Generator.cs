namespace Sallyport.Protocols.Tests;

/// <summary>
/// SplitMix64 (Steele, Lea, Flood 2014): the same seed gives the same cases on every machine, so a failing case can be named by its seed.
/// </summary>
public sealed class Generator(ulong seed)
{
    private ulong _state = seed;

    public ulong NextUInt64()
    {
        unchecked
        {
            _state += 0x9e3779b97f4a7c15;
            var mixed = (_state ^ (_state >> 30)) * 0xbf58476d1ce4e5b9;
            mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111eb;

            return mixed ^ (mixed >> 31);
        }
    }

    /// <summary>Below <paramref name="max"/>; the bias of the remainder does not matter to tests.</summary>
    public int Next(int min, int max) => min + (int)(NextUInt64() % (ulong)(max - min));

    public bool NextBool() => Next(0, 2) == 1;

    public T Pick<T>(IReadOnlyList<T> choices) => choices[Next(0, choices.Count)];

    public byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        for (var i = 0; i < count; i++)
        {
            bytes[i] = (byte)Next(0, 256);
        }

        return bytes;
    }

    /// <summary>Any UTF-16 code units, so also lone surrogates, controls and marks of direction.</summary>
    public string AnyText(int length) => Text(length, () => (char)Next(char.MinValue, char.MaxValue + 1));

    public string Text(int length, string alphabet) => Text(length, () => alphabet[Next(0, alphabet.Length)]);

    private static string Text(int length, Func<char> next)
    {
        var text = new char[length];
        for (var i = 0; i < length; i++)
        {
            text[i] = next();
        }

        return new string(text);
    }
}
