using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Sallyport.Server.Messages.Smtp;

/// <summary>
/// Hands a mail to a server (RFC 5321), encrypted where the server can (RFC 3207), and as whom the account says
/// (RFC 4954). Who has a password never sends without it: a mail that leaves unasked would go out under no name.
/// </summary>
/// <param name="roots">Trusted instead of those of the system.</param>
internal sealed class SmtpSender(TimeProvider clock, X509Certificate2Collection? roots = null)
{
    /// <summary>For one mail, from the connection to the last answer.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    /// <exception cref="SmtpException">The server did not take it.</exception>
    public async Task SendAsync(SmtpAccount account, MailEnvelope envelope, string content, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(Limit, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            await using var connection = await ConnectAsync(account, either.Token);
            var extensions = await GreetAsync(connection, account, envelope.ClientName, either.Token);
            await AuthenticateAsync(connection, account, extensions, either.Token);
            await DeliverAsync(connection, envelope, content, (extensions, either.Token));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new SmtpException($"The mail server did not answer within {Limit.TotalSeconds} seconds.");
        }
        catch (Exception exception) when (exception is IOException or SocketException or AuthenticationException)
        {
            throw new SmtpException($"The connection to the mail server failed: {exception.Message}");
        }
    }

    private static async Task<SmtpConnection> ConnectAsync(SmtpAccount account, CancellationToken cancellationToken)
    {
        var client = new TcpClient { NoDelay = true };
        try
        {
            await client.ConnectAsync(account.Host, account.Port, cancellationToken);
            return new SmtpConnection(client);
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    /// <returns>What the server can, after the connection is as safe as it gets.</returns>
    private async Task<IReadOnlyList<string>> GreetAsync(
        SmtpConnection connection, SmtpAccount account, string clientName, CancellationToken cancellationToken)
    {
        if (account.HasImplicitTls)
        {
            await connection.EncryptAsync(Encryption(account), cancellationToken);
        }

        Expect(220, await connection.ReadReplyAsync(cancellationToken), "greeting");
        var extensions = Expect(250, await connection.CommandAsync("EHLO " + clientName, cancellationToken), "EHLO").Lines;
        if (account.HasImplicitTls)
        {
            return extensions;
        }

        if (Has(extensions, "STARTTLS"))
        {
            Expect(220, await connection.CommandAsync("STARTTLS", cancellationToken), "STARTTLS");
            await connection.EncryptAsync(Encryption(account), cancellationToken);
            // RFC 3207 section 4.2: what was said in clear is forgotten.
            return Expect(250, await connection.CommandAsync("EHLO " + clientName, cancellationToken), "EHLO").Lines;
        }

        return account.User is null || account.IsLocal
            ? extensions
            : throw new SmtpException("The mail server offers no encryption, so it is not told the password.");
    }

    private static async Task AuthenticateAsync(
        SmtpConnection connection, SmtpAccount account, IReadOnlyList<string> extensions, CancellationToken cancellationToken)
    {
        if (account.User is null)
        {
            return;
        }

        if (account.Password is null)
        {
            throw new SmtpException("The e-mail provider has a user and no password; set credentials.smtp_pass.");
        }

        var mechanisms = extensions.FirstOrDefault(line => line.StartsWith("AUTH ", StringComparison.OrdinalIgnoreCase))?.ToUpperInvariant().Split(' ') ?? [];
        if (mechanisms.Contains("PLAIN"))
        {
            ExpectInAuth(235, await connection.CommandAsync("AUTH PLAIN " + Base64($"\0{account.User}\0{account.Password}"), cancellationToken));
        }
        else if (mechanisms.Contains("LOGIN"))
        {
            ExpectInAuth(334, await connection.CommandAsync("AUTH LOGIN", cancellationToken));
            ExpectInAuth(334, await connection.CommandAsync(Base64(account.User), cancellationToken));
            ExpectInAuth(235, await connection.CommandAsync(Base64(account.Password), cancellationToken));
        }
        else
        {
            throw new SmtpException("The mail server offers neither AUTH PLAIN nor AUTH LOGIN, so the mail is not sent.");
        }
    }

    private static async Task DeliverAsync(
        SmtpConnection connection, MailEnvelope envelope, string content, (IReadOnlyList<string> Extensions, CancellationToken Token) session)
    {
        var isAscii = Ascii.IsValid(envelope.From) && Ascii.IsValid(envelope.To);
        if (!isAscii && !Has(session.Extensions, "SMTPUTF8"))
        {
            throw new SmtpException("The mail server takes no address with letters beyond ASCII.") { IsPermanent = true };
        }

        Accept(250, await connection.CommandAsync($"MAIL FROM:<{envelope.From}>{(isAscii ? "" : " SMTPUTF8")}", session.Token), "MAIL");
        Accept(250, await connection.CommandAsync($"RCPT TO:<{envelope.To}>", session.Token), "RCPT");
        Accept(354, await connection.CommandAsync("DATA", session.Token), "DATA");
        Accept(250, await connection.DataAsync(content, session.Token), "DATA");
        try
        {
            await connection.CommandAsync("QUIT", session.Token);
        }
        catch (Exception exception) when (exception is SmtpException or IOException or OperationCanceledException)
        {
            // It has taken the mail; how it says goodbye is its own affair.
        }
    }

    private SslClientAuthenticationOptions Encryption(SmtpAccount account)
    {
        var options = new SslClientAuthenticationOptions { TargetHost = account.Host };
        if (roots is not null)
        {
            options.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            options.CertificateChainPolicy.CustomTrustStore.AddRange(roots);
        }

        return options;
    }

    private static bool Has(IReadOnlyList<string> extensions, string name) =>
        extensions.Any(line => string.Equals(line.Split(' ')[0], name, StringComparison.OrdinalIgnoreCase));

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private static SmtpReply Expect(int code, SmtpReply reply, string step) =>
        reply.Code == code ? reply : throw new SmtpException($"The mail server refused at {step}: {reply}");

    /// <summary>Without the text of the reply: there are servers that repeat what they were sent.</summary>
    private static void ExpectInAuth(int code, SmtpReply reply) => Expect(code, reply with { Lines = [] }, "AUTH");

    /// <summary>From here on it is this mail that is refused, and not all mail of the account.</summary>
    private static void Accept(int code, SmtpReply reply, string step)
    {
        if (reply.Code != code && !(code == 250 && reply.Code == 251))
        {
            throw new SmtpException($"The mail server refused at {step}: {reply}") { IsPermanent = reply.Code is >= 500 and <= 599 };
        }
    }
}
