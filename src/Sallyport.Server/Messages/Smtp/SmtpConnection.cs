using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace Sallyport.Server.Messages.Smtp;

/// <summary>Lines to and from a mail server. What is sent as a line cannot become two.</summary>
internal sealed class SmtpConnection(TcpClient client) : IAsyncDisposable
{
    /// <summary>RFC 5321 section 4.5.3.1.5 asks for 512.</summary>
    private const int MaxLineLength = 4096;

    private const int MaxReplyLines = 100;

    private static readonly byte[] LineEnd = "\r\n"u8.ToArray();

    private readonly byte[] buffer = new byte[MaxLineLength];
    private Stream stream = client.GetStream();
    private int start;
    private int end;

    public async Task<SmtpReply> CommandAsync(string line, CancellationToken cancellationToken)
    {
        if (line.AsSpan().IndexOfAny('\r', '\n', '\0') >= 0)
        {
            throw new SmtpException("A line to the mail server would have held a line break.") { IsPermanent = true };
        }

        await stream.WriteAsync(Encoding.UTF8.GetBytes(line + "\r\n"), cancellationToken);
        return await ReadReplyAsync(cancellationToken);
    }

    /// <summary>The mail itself, with a dot before each line that begins with one, and the dot that ends it (RFC 5321 section 4.5.2).</summary>
    public async Task<SmtpReply> DataAsync(string content, CancellationToken cancellationToken)
    {
        using var data = new MemoryStream();
        foreach (var line in content.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n'))
        {
            if (line.StartsWith('.'))
            {
                data.WriteByte((byte)'.');
            }

            data.Write(Encoding.UTF8.GetBytes(line));
            data.Write(LineEnd);
        }

        data.Write(".\r\n"u8);
        await stream.WriteAsync(data.GetBuffer().AsMemory(0, (int)data.Length), cancellationToken);
        return await ReadReplyAsync(cancellationToken);
    }

    public async Task<SmtpReply> ReadReplyAsync(CancellationToken cancellationToken)
    {
        var lines = new List<string>();
        while (lines.Count < MaxReplyLines)
        {
            var line = await ReadLineAsync(cancellationToken);
            if (line.Length < 3 || !int.TryParse(line.AsSpan(0, 3), System.Globalization.NumberStyles.None, null, out var code))
            {
                throw new SmtpException("The mail server does not speak SMTP.");
            }

            lines.Add(line.Length > 4 ? line[4..] : "");
            if (line.Length == 3 || line[3] != '-')
            {
                return new SmtpReply(code, lines);
            }
        }

        throw new SmtpException("A reply of the mail server does not end.");
    }

    /// <exception cref="SmtpException">Something was sent in clear behind the answer: it would be taken for encrypted.</exception>
    public async Task EncryptAsync(SslClientAuthenticationOptions options, CancellationToken cancellationToken)
    {
        if (start != end)
        {
            throw new SmtpException("The mail server sent something in clear after it had agreed to encrypt.");
        }

        var encrypted = new SslStream(stream);
        stream = encrypted;
        await encrypted.AuthenticateAsClientAsync(options, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await stream.DisposeAsync();
        client.Dispose();
    }

    private async Task<string> ReadLineAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var length = buffer.AsSpan(start, end - start).IndexOf((byte)'\n');
            if (length >= 0)
            {
                var line = Encoding.Latin1.GetString(buffer, start, length).TrimEnd('\r');
                start += length + 1;
                return line;
            }

            buffer.AsSpan(start, end - start).CopyTo(buffer);
            (start, end) = (0, end - start);
            var read = end == buffer.Length ? 0 : await stream.ReadAsync(buffer.AsMemory(end), cancellationToken);
            if (read == 0)
            {
                throw new SmtpException("The mail server closed the connection, or a line of it does not end.");
            }

            end += read;
        }
    }
}
