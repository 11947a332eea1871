using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;

namespace Sallyport.Server.Messages.Smtp;

/// <summary>
/// Sends mails to a mail server, one after the other on one connection. After any failure before the login is complete, no mail is sent. So
/// mail is never sent unencrypted or without a login because the server, or an attacker on the network, refused encryption or the password.
/// </summary>
/// <param name="trustedRoots">Trusted instead of the certificates of the system.</param>
internal sealed class SmtpConnection(SmtpAccount account, X509Certificate2Collection? trustedRoots = null) : IMessageConnection
{
    private const int MaxReplyLength = 200;

    private static readonly TimeSpan QuitTimeout = TimeSpan.FromSeconds(2);

    private SmtpClient? client;

    /// <summary>The reply of the mail server, which usually contains the id of the mail in its queue.</summary>
    public string? LastMessageId { get; private set; }

    /// <summary>For accounts with <see cref="SmtpAccount.OAuth"/>.</summary>
    public SmtpTokens? Tokens { get; init; }

    public async Task SendAsync(OutgoingMessage message, CancellationToken cancellationToken)
    {
        using var mail = MailMime.Create(message);
        foreach (var (name, value) in account.Headers)
        {
            mail.Headers.Add(name, value);
        }

        try
        {
            await SendAsync(mail, cancellationToken);
        }
        catch (Exception exception) when (Explain(exception, isSending: client is not null) is { } failure)
        {
            throw failure;
        }
    }

    public async ValueTask<bool> TryConnectAsync(CancellationToken cancellationToken)
    {
        try
        {
            await CloseAsync();
            client = await ConnectAsync(cancellationToken);
            return true;
        }
        catch (Exception exception) when (Explain(exception, isSending: false) is { } failure)
        {
            throw failure;
        }
    }

    public ValueTask DisposeAsync() => CloseAsync();

    private async Task SendAsync(MimeMessage mail, CancellationToken cancellationToken)
    {
        var isReused = client is { IsConnected: true };
        try
        {
            await TrySendAsync(mail, cancellationToken);
        }
        catch (Exception exception) when (isReused && IsConnectionLost(exception))
        {
            // Servers close connections after a number of mails, or after some time without one.
            await CloseAsync();
            await TrySendAsync(mail, cancellationToken);
        }
    }

    private async Task TrySendAsync(MimeMessage mail, CancellationToken cancellationToken)
    {
        if (client is not { IsConnected: true })
        {
            await CloseAsync();
            client = await ConnectAsync(cancellationToken);
        }

        var sender = mail.From.Mailboxes.First();
        var recipient = mail.To.Mailboxes.First();
        var format = FormatOptions.Default.Clone();
        if (!Ascii.IsValid(sender.Address) || !Ascii.IsValid(recipient.Address))
        {
            // RFC 6531. Without the extension, the domain can be written in ASCII, but the part before the @ cannot.
            format.International = client.Capabilities.HasFlag(SmtpCapabilities.UTF8);
            if (!format.International && !(Ascii.IsValid(sender.LocalPart) && Ascii.IsValid(recipient.LocalPart)))
            {
                throw DeliveryException.Permanent("The mail server accepts only addresses in ASCII.");
            }
        }

        LastMessageId = HeaderText.Clean(await client.SendAsync(format, mail, sender, [recipient], cancellationToken), MaxReplyLength);
    }

    private async Task<SmtpClient> ConnectAsync(CancellationToken cancellationToken)
    {
        var connecting = new SmtpClient
        {
            LocalDomain = account.ClientName,
            CheckCertificateRevocation = false,
            ServerCertificateValidationCallback = IsTrusted,
        };
        try
        {
            await connecting.ConnectAsync(await OpenAsync(cancellationToken), account.Host, account.Port, SecurityOf(account), cancellationToken);
            await LogInAsync(connecting, cancellationToken);
            return connecting;
        }
        catch
        {
            connecting.Dispose();
            throw;
        }
    }

    /// <summary>Without the delay of small packets (Nagle's algorithm), which costs about 80 ms a mail.</summary>
    private async Task<Socket> OpenAsync(CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(account.Host, account.Port, cancellationToken);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private async Task LogInAsync(SmtpClient connecting, CancellationToken cancellationToken)
    {
        if (account.User is null)
        {
            return;
        }

        if (account.Password is null && account.OAuth is null)
        {
            throw DeliveryException.Misconfigured("The e-mail provider has a user but no password; set credentials.smtp_pass.");
        }

        if (!connecting.IsSecure && !account.IsLocal)
        {
            throw DeliveryException.Misconfigured("The mail server offers no encryption, so the password is not sent to it.");
        }

        if (!connecting.Capabilities.HasFlag(SmtpCapabilities.Authentication))
        {
            throw DeliveryException.Misconfigured("The mail server offers no login, but the e-mail provider has a user.");
        }

        if (account.OAuth is { } oauth)
        {
            await LogInAsync(connecting, account.User, oauth, cancellationToken);
        }
        else
        {
            await connecting.AuthenticateAsync(Encoding.UTF8, account.User, account.Password!, cancellationToken);
        }
    }

    private async Task LogInAsync(SmtpClient connecting, string user, SmtpOAuthClient oauth, CancellationToken cancellationToken)
    {
        if (!connecting.AuthenticationMechanisms.Contains("XOAUTH2"))
        {
            throw DeliveryException.Misconfigured("The mail server offers no login with an access token (XOAUTH2).");
        }

        var token = await Tokens!.GetAsync(oauth, cancellationToken);
        try
        {
            await connecting.AuthenticateAsync(new SaslMechanismOAuth2(user, token), cancellationToken);
        }
        catch (AuthenticationException)
        {
            // It may have been revoked. The next attempt gets another one.
            Tokens.Forget(oauth);
            throw;
        }
    }

    private static SecureSocketOptions SecurityOf(SmtpAccount account) =>
        account.HasImplicitTls ? SecureSocketOptions.SslOnConnect
        : account.IsLocal || account.AllowsUnencrypted ? SecureSocketOptions.StartTlsWhenAvailable
        : SecureSocketOptions.StartTls;

    private bool IsTrusted(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (trustedRoots is null || errors != SslPolicyErrors.RemoteCertificateChainErrors)
        {
            return errors == SslPolicyErrors.None;
        }

        using var trusted = new X509Chain();
        trusted.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        trusted.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        trusted.ChainPolicy.CustomTrustStore.AddRange(trustedRoots);
        return trusted.Build((X509Certificate2)certificate!);
    }

    private static bool IsConnectionLost(Exception exception) =>
        exception is IOException or SocketException or SmtpProtocolException or ServiceNotConnectedException
            or SmtpCommandException { StatusCode: SmtpStatusCode.ServiceNotAvailable };

    /// <param name="isSending">False while connecting: then the reply is not about the mail.</param>
    /// <returns>Null if the exception is not about the mail server.</returns>
    private static DeliveryException? Explain(Exception exception, bool isSending) => exception switch
    {
        AuthenticationException { InnerException: SmtpCommandException reply } => ExplainRefusedLogin(reply),
        AuthenticationException or SaslException => DeliveryException.Misconfigured("The mail server refused the user name or the password."),
        SmtpCommandException reply => isSending ? ExplainRefusal(reply) : DeliveryException.Temporary($"The mail server refused the connection: {ReplyOf(reply)}"),
        ServiceNotAuthenticatedException => DeliveryException.Misconfigured("The mail server requires a login."),
        SslHandshakeException => DeliveryException.Temporary("The connection to the mail server could not be encrypted; its certificate may be invalid."),
        NotSupportedException => DeliveryException.Temporary($"The mail server cannot be used: {exception.Message}"),
        SmtpProtocolException => DeliveryException.Temporary("The mail server closed the connection or does not follow the SMTP protocol."),
        IOException or SocketException or ServiceNotConnectedException =>
            DeliveryException.Temporary($"The connection to the mail server failed: {exception.Message}"),
        _ => null,
    };

    /// <summary>
    /// RFC 4954 section 6: 535 for wrong credentials, and 454 if the server cannot check them at present. Without the text of the reply, because
    /// some servers repeat what they were sent.
    /// </summary>
    private static DeliveryException ExplainRefusedLogin(SmtpCommandException reply) =>
        (int)reply.StatusCode is >= 400 and <= 499
            ? DeliveryException.Temporary($"The mail server cannot check the password at present: {(int)reply.StatusCode}")
            : DeliveryException.Misconfigured($"The mail server refused the user name or the password: {(int)reply.StatusCode}");

    /// <summary>RFC 5321 section 4.2.1: a reply of 5xx is final.</summary>
    private static DeliveryException ExplainRefusal(SmtpCommandException reply)
    {
        var refused = reply.ErrorCode switch
        {
            SmtpErrorCode.SenderNotAccepted => "sender",
            SmtpErrorCode.RecipientNotAccepted => "recipient",
            _ => "message",
        };
        var text = $"The mail server refused the {refused}: {ReplyOf(reply)}";
        return (int)reply.StatusCode is >= 500 and <= 599 ? DeliveryException.Permanent(text) : DeliveryException.Temporary(text);
    }

    private static string ReplyOf(SmtpCommandException reply) => HeaderText.Clean($"{(int)reply.StatusCode} {reply.Message}", MaxReplyLength);

    private async ValueTask CloseAsync()
    {
        if (client is null)
        {
            return;
        }

        try
        {
            using var timeout = new CancellationTokenSource(QuitTimeout);
            await client.DisconnectAsync(quit: client.IsConnected, timeout.Token);
        }
        catch (Exception exception) when (exception is OperationCanceledException || Explain(exception, isSending: false) is not null)
        {
            // All mails on this connection were accepted or reported as failed before.
        }

        client.Dispose();
        client = null;
    }
}
