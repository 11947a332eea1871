using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Sallyport.Server.Tests.Hosting;

/// <summary>A mail server that keeps what it is sent, and answers what a test wants it to.</summary>
internal sealed class SmtpSink : IAsyncDisposable
{
    public const string User = "mailer";
    public const string Password = "p@ss wörd";

    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();
    private readonly Task work;

    public SmtpSink()
    {
        listener.Start();
        work = AcceptAsync();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>Null: no encryption.</summary>
    public X509Certificate2? Certificate { get; init; }

    public bool ImplicitTls { get; init; }

    /// <summary>What EHLO answers beside STARTTLS.</summary>
    public IReadOnlyList<string> Extensions { get; init; } = ["AUTH PLAIN LOGIN", "8BITMIME"];

    /// <summary>What a command that begins so is answered instead.</summary>
    public Dictionary<string, string> Answers { get; init; } = [];

    /// <summary>Sent in the same breath as the answer to STARTTLS.</summary>
    public string Smuggled { get; init; } = "";

    public List<string> Commands { get; } = [];

    /// <summary>As they came, dots and all.</summary>
    public List<string> Mails { get; } = [];

    public bool WasEncrypted { get; private set; }

    public bool WasAuthenticated { get; private set; }

    public static X509Certificate2 NewCertificate(string host)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=" + host, key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(host);
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        using var made = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }

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
                await TalkAsync(client);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or InvalidOperationException)
        {
            // The test is over.
        }
    }

    private async Task TalkAsync(TcpClient client)
    {
        Stream stream = client.GetStream();
        try
        {
            if (ImplicitTls)
            {
                stream = await EncryptAsync(stream);
            }

            await WriteAsync(stream, Answers.GetValueOrDefault("greeting", "220 sink ESMTP"));
            while (await ReadLineAsync(stream) is { } line)
            {
                Commands.Add(line);
                if (line == "STARTTLS" && !Answers.ContainsKey(line))
                {
                    await stream.WriteAsync(Encoding.ASCII.GetBytes("220 go\r\n" + Smuggled), stop.Token);
                    stream = await EncryptAsync(stream);
                    continue;
                }

                await AnswerAsync(stream, line);
            }
        }
        catch (Exception exception) when (exception is IOException or System.Security.Authentication.AuthenticationException)
        {
            // The client has left.
        }
        finally
        {
            await stream.DisposeAsync();
        }
    }

    private async Task AnswerAsync(Stream stream, string line)
    {
        if (Answers.FirstOrDefault(pair => line.StartsWith(pair.Key, StringComparison.Ordinal)).Value is { } answer)
        {
            await WriteAsync(stream, answer);
            return;
        }

        await WriteAsync(stream, line.Split(' ', ':')[0] switch
        {
            "EHLO" => Capabilities(),
            "AUTH" => await AuthenticateAsync(stream, line),
            "DATA" => await TakeMailAsync(stream),
            "QUIT" => "221 bye",
            _ => "250 ok",
        });
    }

    private string Capabilities() =>
        "250-sink greets you\r\n"
        + (Certificate is not null && !WasEncrypted ? "250-STARTTLS\r\n" : "")
        + string.Concat(Extensions.Select(extension => $"250-{extension}\r\n"))
        + "250 HELP";

    private async Task<string> AuthenticateAsync(Stream stream, string line)
    {
        string sent;
        if (line.StartsWith("AUTH PLAIN ", StringComparison.Ordinal))
        {
            sent = Decode(line["AUTH PLAIN ".Length..]);
        }
        else
        {
            await WriteAsync(stream, "334 VXNlcm5hbWU6");
            var user = Decode(await ReadLineAsync(stream) ?? "");
            await WriteAsync(stream, "334 UGFzc3dvcmQ6");
            sent = $"\0{user}\0{Decode(await ReadLineAsync(stream) ?? "")}";
        }

        WasAuthenticated = sent == $"\0{User}\0{Password}";
        return WasAuthenticated ? "235 welcome" : "535 5.7.8 wrong";
    }

    private async Task<string> TakeMailAsync(Stream stream)
    {
        await WriteAsync(stream, "354 go ahead");
        var mail = new StringBuilder();
        while (await ReadLineAsync(stream) is { } line && line != ".")
        {
            mail.Append(line).Append("\r\n");
        }

        Mails.Add(mail.ToString());
        return "250 taken";
    }

    private async Task<Stream> EncryptAsync(Stream stream)
    {
        var encrypted = new SslStream(stream);
        await encrypted.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = Certificate }, stop.Token);
        WasEncrypted = true;
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

    private static string Decode(string base64) => Encoding.UTF8.GetString(Convert.FromBase64String(base64));
}
