using System.Buffers.Text;
using System.Net.Sockets;

namespace Sallyport.Bench.Http;

/// <summary>A request or a response. It is valid until the next one is read.</summary>
internal readonly ref struct HttpMessage(ReadOnlySpan<byte> head, ReadOnlySpan<byte> body)
{
    /// <summary>The first line and the headers.</summary>
    public ReadOnlySpan<byte> Head { get; } = head;

    public ReadOnlySpan<byte> Body { get; } = body;
}

/// <summary>Reads requests or responses with a length or in chunks (RFC 9112 section 6). They are not pipelined.</summary>
internal sealed class MessageReader(Socket socket, byte[] buffer)
{
    private int filled;

    /// <exception cref="IOException">The other side has closed the connection, or the message is malformed.</exception>
    public HttpMessage Read()
    {
        filled = 0;
        var body = FindAfter(0, "\r\n\r\n"u8);
        var head = buffer.AsSpan(0, body);
        if (Header(head, "\r\ncontent-length:"u8) is { IsEmpty: false } value)
        {
            var length = Number(value);
            FillTo(body + length);
            return new HttpMessage(head, buffer.AsSpan(body, length));
        }

        return new HttpMessage(head, Header(head, "\r\ntransfer-encoding:"u8).IsEmpty ? default : buffer.AsSpan(body, ReadChunks(body)));
    }

    public static int StatusOf(HttpMessage response) => Number(response.Head["HTTP/1.1 ".Length..]);

    /// <returns>The length of the body. Its chunks are moved together in the buffer.</returns>
    private int ReadChunks(int body)
    {
        var (position, written) = (body, body);
        while (true)
        {
            var start = FindAfter(position, "\r\n"u8);
            var length = Number(buffer.AsSpan(position, start - position), 'X');
            FillTo(start + length + 2);
            if (length == 0)
            {
                return written - body;
            }

            buffer.AsSpan(start, length).CopyTo(buffer.AsSpan(written));
            written += length;
            position = start + length + 2;
        }
    }

    private static ReadOnlySpan<byte> Header(ReadOnlySpan<byte> head, ReadOnlySpan<byte> name)
    {
        for (var rest = head; rest.Length > name.Length;)
        {
            if (System.Text.Ascii.EqualsIgnoreCase(rest[..name.Length], name))
            {
                var value = rest[name.Length..];
                return value[..value.IndexOf("\r\n"u8)].TrimStart((byte)' ');
            }

            var next = rest[1..].IndexOf("\r\n"u8);
            rest = next < 0 ? default : rest[(next + 1)..];
        }

        return default;
    }

    private static int Number(ReadOnlySpan<byte> text, char format = default) =>
        Utf8Parser.TryParse(text, out int number, out _, format) ? number : throw new IOException("The message is not HTTP");

    private int FindAfter(int from, ReadOnlySpan<byte> mark)
    {
        while (true)
        {
            var found = buffer.AsSpan(from, filled - from).IndexOf(mark);
            if (found >= 0)
            {
                return from + found + mark.Length;
            }

            Fill();
        }
    }

    private void FillTo(int length)
    {
        while (filled < length)
        {
            Fill();
        }
    }

    private void Fill()
    {
        var received = socket.Receive(buffer.AsSpan(filled));
        filled += received > 0 ? received : throw new IOException("The connection was closed");
    }
}
