using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace Sallyport.Protocols.SocketIo;

/// <summary>
/// socket.io 1.x clients encode the text of a polling payload as UTF-8 before the transport does so again. Nothing on the wire
/// tells them from 2.x clients, so the text is undone when it can be: a 2.x text that happens to look so is rare and is misread.
/// </summary>
internal static class TwiceEncodedText
{
    private static readonly SearchValues<char> Latin1Upper =
        SearchValues.Create(string.Concat(Enumerable.Range(0x80, 0x80).Select(code => (char)code)));

    public static ReadOnlySpan<char> Undo(ReadOnlySpan<char> text)
    {
        if (!text.ContainsAny(Latin1Upper) || text.ContainsAnyExceptInRange('\0', '\xFF'))
        {
            return text;
        }

        var bytes = new byte[text.Length];
        Encoding.Latin1.GetBytes(text, bytes);
        return Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes) : text;
    }
}
