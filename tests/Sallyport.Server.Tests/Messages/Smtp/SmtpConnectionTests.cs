using System.Security.Cryptography.X509Certificates;
using Sallyport.Server.Messages;
using Sallyport.Server.Messages.Smtp;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Messages.Smtp;

/// <summary>RFC 5321, 3207 and 4954 against a real mail server, and against one that misbehaves.</summary>
public sealed class SmtpConnectionTests
{
    private const string Host = "localhost";

    [Fact]
    public async Task A_mail_is_sent_encrypted_and_logged_in()
    {
        var certificate = MailSink.NewCertificate(Host);
        await using var sink = await MailSink.StartAsync(certificate);

        await SendAsync(AccountAt(sink.Port), certificate);

        var mail = sink.Mails.ShouldHaveSingleItem();
        (mail.From, mail.To, mail.WasEncrypted, mail.User).ShouldBe(("from@example.com", "to@example.com", true, MailSink.User));
        Mail.Parse(mail.Content).Text.ShouldBe("first\n.second\n.\nlast");
    }

    [Fact]
    public async Task TLS_may_start_with_the_first_byte()
    {
        var certificate = MailSink.NewCertificate(Host);
        await using var sink = await MailSink.StartAsync(certificate, implicitTls: true);

        await SendAsync(AccountAt(sink.Port) with { HasImplicitTls = true }, certificate);

        sink.Mails.ShouldHaveSingleItem().WasEncrypted.ShouldBeTrue();
    }

    [Theory]
    [InlineData(465, true)]
    [InlineData(587, false)]
    [InlineData(25, false)]
    public void Port_465_means_implicit_TLS(int port, bool isImplicit) =>
        new SmtpAccount("smtp.example.com", port) { ClientName = "x" }.HasImplicitTls.ShouldBe(isImplicit);

    /// <summary>System.Net.Mail ignores the refusal and sends without a login.</summary>
    [Fact]
    public async Task A_refused_password_fails_the_delivery()
    {
        await using var sink = await MailSink.StartAsync();

        var refused = await FailAsync(AccountAt(sink.Port) with { Password = "wrong" });

        refused.Message.ShouldBe("The mail server refused the user name or the password: 535");
        (refused.IsPermanent, refused.IsConfigurationFault).ShouldBe((false, true));
        sink.Mails.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_refusal_that_repeats_the_password_is_not_repeated_in_the_error()
    {
        await using var server = new ScriptedMailServer { Answers = { ["AUTH"] = "535 bad credentials: canary" } };

        var refused = await FailAsync(AccountAt(server.Port));

        refused.ToString().ShouldNotContain("canary");
        server.Commands.ShouldNotContain(line => line.StartsWith("MAIL", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_a_password_or_a_way_to_log_in_no_mail_is_sent()
    {
        await using var withoutLogin = new ScriptedMailServer { Extensions = ["8BITMIME"] };
        await using var server = new ScriptedMailServer();

        (await FailAsync(AccountAt(withoutLogin.Port))).Message.ShouldContain("no login");
        (await FailAsync(AccountAt(server.Port) with { Password = null })).Message.ShouldContain("smtp_pass");

        (withoutLogin.Mails.Count + server.Mails.Count).ShouldBe(0);
    }

    /// <summary>An attacker on the network can remove STARTTLS from the reply to EHLO. Nothing is sent then, even if no login is needed.</summary>
    [Theory]
    [InlineData(null)]
    [InlineData(MailSink.User)]
    public async Task A_server_that_does_not_offer_STARTTLS_gets_nothing(string? user)
    {
        await using var stripped = new ScriptedMailServer();

        var refused = await FailAsync(AccountAt(stripped.Port) with { IsLocal = false, User = user });

        refused.Message.ShouldContain("STARTTLS");
        refused.IsPermanent.ShouldBeFalse();
        stripped.Commands.ShouldBe(["EHLO mfa.example.com"]);
    }

    [Fact]
    public async Task The_operator_may_allow_unencrypted_mail_but_never_an_unencrypted_password()
    {
        await using var relay = new ScriptedMailServer();
        var account = AccountAt(relay.Port) with { IsLocal = false, AllowsUnencrypted = true };

        await SendAsync(account with { User = null });
        var refused = await FailAsync(account);

        relay.Mails.Count.ShouldBe(1);
        refused.Message.ShouldContain("password is not sent");
        relay.Commands.ShouldNotContain(line => line.StartsWith("AUTH", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("localhost", true)]
    [InlineData("127.0.0.1", true)]
    [InlineData("::1", true)]
    [InlineData("localhost.example.com", false)]
    [InlineData("128.0.0.1", false)]
    public void Only_this_machine_is_local(string host, bool isLocal) => new SmtpAccount(host, 587) { ClientName = "x" }.IsLocal.ShouldBe(isLocal);

    [Fact]
    public async Task A_certificate_that_is_not_trusted_or_names_another_host_is_refused()
    {
        await using var unknown = new ScriptedMailServer { Certificate = MailSink.NewCertificate(Host) };
        await using var other = new ScriptedMailServer { Certificate = MailSink.NewCertificate("mail.example.net") };

        (await FailAsync(AccountAt(unknown.Port))).Message.ShouldContain("certificate");
        (await FailAsync(AccountAt(other.Port), other.Certificate)).Message.ShouldContain("certificate");

        (unknown.Mails.Count + other.Mails.Count).ShouldBe(0);
    }

    /// <summary>CVE-2011-0411 from the client's side: a reply that was sent before the encryption must not count as encrypted.</summary>
    [Fact]
    public async Task Replies_that_were_sent_before_the_encryption_are_ignored()
    {
        await using var server = new ScriptedMailServer
        {
            Certificate = MailSink.NewCertificate(Host),
            Smuggled = "250-injected\r\n250 AUTH LOGIN\r\n",
            Extensions = ["AUTH PLAIN"],
        };

        await SendAsync(AccountAt(server.Port), server.Certificate);

        server.Commands.ShouldContain(line => line.StartsWith("AUTH PLAIN", StringComparison.Ordinal));
        server.Commands.ShouldNotContain("AUTH LOGIN");
    }

    [Theory]
    [InlineData("AUTH", "454 4.7.0 directory is down", false, "The mail server cannot check the password at present: 454")]
    [InlineData("RCPT", "550 5.1.1 no such user", true, "The mail server refused the recipient: 550 5.1.1 no such user")]
    [InlineData("RCPT", "451 try later", false, "The mail server refused the recipient: 451 try later")]
    [InlineData("MAIL", "553 not you", true, "The mail server refused the sender: 553 not you")]
    [InlineData("MAIL", "530 log in first", false, "The mail server requires a login.")]
    [InlineData("DATA", "554 no", true, "The mail server refused the message: 554 no")]
    [InlineData("EHLO", "502 what", false, "The mail server offers no login, but the e-mail provider has a user.")]
    [InlineData("greeting", "554 closed", false, "The mail server refused the connection: 554 closed")]
    [InlineData("greeting", "HTTP/1.1 400 Bad Request", false, "The mail server closed the connection or does not follow the SMTP protocol.")]
    [InlineData("STARTTLS", "454 not now", false, "The mail server refused the connection: 454 not now")]
    public async Task A_refusal_says_what_was_refused_and_whether_to_try_again(string step, string answer, bool isPermanent, string message)
    {
        await using var server = new ScriptedMailServer { Certificate = MailSink.NewCertificate(Host), Answers = { [step] = answer } };

        var refused = await FailAsync(AccountAt(server.Port), server.Certificate);

        (refused.IsPermanent, refused.Message).ShouldBe((isPermanent, message));
        server.Mails.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("AUTH", "535 5.7.8 wrong", true)]
    [InlineData("AUTH", "534 5.7.9 another mechanism", true)]
    [InlineData("AUTH", "454 4.7.0 directory is down", false)]
    [InlineData("MAIL", "530 log in first", true)]
    [InlineData("EHLO", "502 what", true)]
    [InlineData("greeting", "421 busy", false)]
    [InlineData("RCPT", "451 try later", false)]
    public async Task A_refused_login_is_a_fault_of_the_configuration(string step, string answer, bool isConfigurationFault)
    {
        await using var server = new ScriptedMailServer { Certificate = MailSink.NewCertificate(Host), Answers = { [step] = answer } };

        var refused = await FailAsync(AccountAt(server.Port), server.Certificate);

        (refused.IsPermanent, refused.IsConfigurationFault).ShouldBe((false, isConfigurationFault));
    }

    [Theory]
    [InlineData("a@example.com>\r\nRCPT TO:<evil@example.com", "to@example.com")]
    [InlineData("from@example.com", "to@example.com>\nDATA")]
    [InlineData("from@example.com", "to\0@example.com")]
    public async Task An_address_cannot_become_a_second_command(string from, string to)
    {
        await using var server = new ScriptedMailServer();

        var refused = await FailAsync(AccountAt(server.Port), message: MessageOf(from, to));

        refused.IsPermanent.ShouldBeTrue();
        server.Commands.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_address_beyond_ASCII_needs_a_server_that_accepts_it()
    {
        var message = MessageOf("from@example.com", "jörg@example.com");
        await using var old = new ScriptedMailServer();
        await using var modern = new ScriptedMailServer { Extensions = ["AUTH PLAIN", "8BITMIME", "SMTPUTF8"] };

        (await FailAsync(AccountAt(old.Port), message: message)).IsPermanent.ShouldBeTrue();
        await SendAsync(AccountAt(modern.Port), message: message);

        modern.Commands.ShouldContain(line => line.StartsWith("MAIL FROM:<from@example.com> SMTPUTF8", StringComparison.Ordinal));
        modern.Commands.ShouldContain("RCPT TO:<jörg@example.com>");
    }

    [Fact]
    public async Task An_international_domain_is_written_in_ASCII()
    {
        await using var server = new ScriptedMailServer();

        await SendAsync(AccountAt(server.Port), message: MessageOf("from@example.com", "to@bücher.example"));

        server.Commands.ShouldContain("RCPT TO:<to@xn--bcher-kva.example>");
    }

    [Fact]
    public async Task Several_mails_share_a_connection()
    {
        await using var sink = await MailSink.StartAsync();
        await using (var connection = new SmtpConnection(AccountAt(sink.Port)))
        {
            for (var i = 0; i < 3; i++)
            {
                await connection.SendAsync(MessageOf("from@example.com", "to@example.com"), CancellationToken.None);
            }
        }

        sink.Mails.Select(mail => mail.Connection).Distinct().Count().ShouldBe(1);
        sink.Mails.Count.ShouldBe(3);
    }

    [Fact]
    public async Task A_connection_that_the_server_closed_after_some_mails_is_opened_again()
    {
        await using var server = new ScriptedMailServer { MailsPerConnection = 1 };
        await using (var connection = new SmtpConnection(AccountAt(server.Port)))
        {
            for (var i = 0; i < 3; i++)
            {
                await connection.SendAsync(MessageOf("from@example.com", "to@example.com"), CancellationToken.None);
            }
        }

        server.Mails.Count.ShouldBe(3);
        server.Commands.Count(line => line.StartsWith("EHLO", StringComparison.Ordinal)).ShouldBe(3);
    }

    /// <summary>RFC 5321 section 4.1.3.</summary>
    [Fact]
    public async Task An_address_of_this_server_stands_in_brackets()
    {
        await using var server = new ScriptedMailServer();

        await SendAsync(AccountAt(server.Port) with { ClientName = "127.0.0.1" });

        server.Commands[0].ShouldBe("EHLO [127.0.0.1]");
    }

    [Fact]
    public async Task The_provider_may_add_headers()
    {
        await using var sink = await MailSink.StartAsync();

        await SendAsync(AccountAt(sink.Port) with { Headers = [("X-SES-Configuration-Set", "example")] });

        Mail.Parse(sink.Mails[0].Content).Headers["X-SES-Configuration-Set"].ShouldBe("example");
    }

    private static SmtpAccount AccountAt(int port) =>
        new(Host, port) { User = MailSink.User, Password = MailSink.Password, ClientName = "mfa.example.com" };

    private static OutgoingMessage MessageOf(string from, string to) =>
        new("20260301120000000abcdef01", Message.Email, new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero), Message.Of(new MailV1
        {
            FromName = "Acme",
            FromAddress = from,
            To = to,
            Subject = "x",
            Text = "first\n.second\n.\nlast",
            Html = "<p>x</p>",
        }).Content);

    private static async Task SendAsync(SmtpAccount account, X509Certificate2? trusted = null, OutgoingMessage? message = null)
    {
        await using var connection = new SmtpConnection(account, trusted is null ? null : [X509CertificateLoader.LoadCertificate(trusted.RawData)]);
        await connection.SendAsync(message ?? MessageOf("from@example.com", "to@example.com"), CancellationToken.None);
    }

    private static Task<DeliveryException> FailAsync(SmtpAccount account, X509Certificate2? trusted = null, OutgoingMessage? message = null) =>
        Should.ThrowAsync<DeliveryException>(() => SendAsync(account, trusted, message));
}
