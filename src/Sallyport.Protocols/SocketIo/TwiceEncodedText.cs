using System.Text;
using System.Text.Unicode;

namespace Sallyport.Protocols.SocketIo;

/// <summary>
/// socket.io 1.x clients encode the text of a polling payload as UTF-8 before the transport does so again. Nothing on the wire
/// tells them from 2.x clients, so the text is undone when it can be: a 2.x text that happens to look so is rare and is misread.
/// </summary>
internal static class TwiceEncodedText
{
    public static ReadOnlySpan<char> Undo(ReadOnlySpan<char> text)
    {
        if (!text.ContainsAnyInRange('\x80', '\xFF') || text.ContainsAnyExceptInRange('\0', '\xFF'))
        {
            return text;
        }

        var bytes = new byte[text.Length];
        Encoding.Latin1.GetBytes(text, bytes);
        return Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes) : text;
    }
}
