using System.Buffers;

namespace Sallyport.Protocols.Liquid.Rendering;

/// <summary>
/// The output of a rendering. A capture is written here as well and then removed, so it needs no separate buffer.
/// </summary>
internal sealed class OutputBuffer(int maxLength) : IDisposable
{
    private const int FirstSize = 4096;

    private char[] _characters = ArrayPool<char>.Shared.Rent(FirstSize);

    public int Length { get; private set; }

    public void Write(ReadOnlySpan<char> text)
    {
        if (text.Length > _characters.Length - Length || text.Length > maxLength - Length)
        {
            Grow(text.Length);
        }

        text.CopyTo(_characters.AsSpan(Length));
        Length += text.Length;
    }

    public void Write(long number)
    {
        Span<char> digits = stackalloc char[20];
        number.TryFormat(digits, out var written, default, System.Globalization.CultureInfo.InvariantCulture);
        Write(digits[..written]);
    }

    public string CutFrom(int start)
    {
        var text = new string(_characters, start, Length - start);
        Length = start;
        return text;
    }

    public override string ToString() => new(_characters, 0, Length);

    // Cleared, because the next user of the array may render another tenant's page.
    public void Dispose() => ArrayPool<char>.Shared.Return(_characters, clearArray: true);

    private void Grow(int extra)
    {
        if (extra > maxLength - Length)
        {
            throw new Values.LiquidFault($"the output is longer than {maxLength} characters");
        }

        var larger = ArrayPool<char>.Shared.Rent(Math.Max(Length + extra, _characters.Length * 2));
        _characters.AsSpan(0, Length).CopyTo(larger);
        ArrayPool<char>.Shared.Return(_characters, clearArray: true);
        _characters = larger;
    }
}
