using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Sallyport.Server.Tests.Hosting;

/// <summary>A mail server that misbehaves in a way that a test chooses.</summary>
internal sealed class ScriptedMailServer : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();
    private readonly Task work;

    public ScriptedMailServer()
    {
        listener.Start();
        work = AcceptAsync();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>Null: the server does not offer STARTTLS.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>The other extensions that it offers.</summary>
    public IReadOnlyList<string> Extensions { get; init; } = ["AUTH PLAIN", "8BITMIME"];

    /// <summary>The reply to a command that begins with the key, or to the connection for <c>greeting</c>.</summary>
    public Dictionary<string, string> Answers { get; init; } = [];

    /// <summary>Sent unencrypted, together with the reply to STARTTLS.</summary>
    public string Smuggled { get; init; } = "";

    /// <summary>The number of mails after which a connection is closed.</summary>
    public int MailsPerConnection { get; init; } = int.MaxValue;

    public List<string> Commands { get; } = [];

    public List<string> Mails { get; } = [];

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        listener.Stop();
        await work;
        stop.Dispose();
        Certificate?.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                using var client = await listener.AcceptTcpClientAsync(stop.Token);
                await ServeAsync(client);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or InvalidOperationException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        Stream stream = client.GetStream();
        try
        {
            var mails = 0;
            await WriteAsync(stream, Answers.GetValueOrDefault("greeting", "220 sink ESMTP"));
            while (mails < MailsPerConnection && await ReadLineAsync(stream) is { } line)
            {
                Commands.Add(line);
                if (line == "STARTTLS" && !Answers.ContainsKey(line))
                {
                    await stream.WriteAsync(Encoding.ASCII.GetBytes("220 go\r\n" + Smuggled), stop.Token);
                    stream = await EncryptAsync(stream);
                    continue;
                }

                await ReplyAsync(stream, line);
                mails += line == "DATA" ? 1 : 0;
            }
        }
        catch (Exception exception) when (exception is IOException or System.Security.Authentication.AuthenticationException)
        {
            // The client has closed the connection.
        }
        finally
        {
            await stream.DisposeAsync();
        }
    }

    private async Task ReplyAsync(Stream stream, string line)
    {
        if (Answers.FirstOrDefault(pair => line.StartsWith(pair.Key, StringComparison.Ordinal)).Value is { } answer)
        {
            await WriteAsync(stream, answer);
            return;
        }

        await WriteAsync(stream, line.Split(' ', ':')[0] switch
        {
            "EHLO" => "250-sink\r\n" + (stream is SslStream || Certificate is null ? "" : "250-STARTTLS\r\n")
                + string.Concat(Extensions.Select(extension => $"250-{extension}\r\n")) + "250 HELP",
            "AUTH" => "235 welcome",
            "DATA" => await ReceiveMailAsync(stream),
            "QUIT" => "221 bye",
            _ => "250 ok",
        });
    }

    private async Task<string> ReceiveMailAsync(Stream stream)
    {
        await WriteAsync(stream, "354 go ahead");
        var mail = new StringBuilder();
        while (await ReadLineAsync(stream) is { } line && line != ".")
        {
            mail.Append(line).Append("\r\n");
        }

        Mails.Add(mail.ToString());
        return "250 accepted";
    }

    private async Task<Stream> EncryptAsync(Stream stream)
    {
        var encrypted = new SslStream(stream);
        await encrypted.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = Certificate }, stop.Token);
        return encrypted;
    }

    private Task WriteAsync(Stream stream, string line) => stream.WriteAsync(Encoding.ASCII.GetBytes(line + "\r\n"), stop.Token).AsTask();

    private async Task<string?> ReadLineAsync(Stream stream)
    {
        var line = new List<byte>();
        var one = new byte[1];
        while (await stream.ReadAsync(one, stop.Token) == 1)
        {
            if (one[0] == '\n')
            {
                return Encoding.UTF8.GetString([.. line]).TrimEnd('\r');
            }

            line.Add(one[0]);
        }

        return null;
    }
}
