using Sallyport.Server.Messages;
using Sallyport.Server.Messages.Smtp;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Messages.Smtp;

/// <summary>RFC 5321, 3207 and 4954 against a server that a test can make behave badly.</summary>
public sealed class SmtpSenderTests
{
    private const string Host = "localhost";
    private const string Content = "Subject: x\r\n\r\nfirst\r\n.second\r\n..third\r\n.\r\nlast\r\n";

    private static readonly MailEnvelope Envelope = new("mfa.example.com", "from@example.com", "to@example.com");

    [Fact]
    public async Task A_mail_is_handed_over_encrypted_and_as_the_account()
    {
        await using var sink = new SmtpSink { Certificate = SmtpSink.NewCertificate(Host) };

        await SendAsync(sink, Trusting(sink));

        sink.WasEncrypted.ShouldBeTrue();
        sink.WasAuthenticated.ShouldBeTrue();
        sink.Commands.Where(line => !line.StartsWith("AUTH", StringComparison.Ordinal)).ShouldBe(
            ["EHLO mfa.example.com", "STARTTLS", "EHLO mfa.example.com", "MAIL FROM:<from@example.com>", "RCPT TO:<to@example.com>", "DATA", "QUIT"]);
    }

    [Fact]
    public async Task No_line_of_a_mail_ends_it()
    {
        await using var sink = new SmtpSink();

        await SendAsync(sink, Trusting(sink));

        sink.Mails.ShouldHaveSingleItem().ShouldBe("Subject: x\r\n\r\nfirst\r\n..second\r\n...third\r\n..\r\nlast\r\n");
    }

    [Fact]
    public async Task Encryption_may_start_with_the_first_byte()
    {
        await using var sink = new SmtpSink { Certificate = SmtpSink.NewCertificate(Host), ImplicitTls = true };

        await SendAsync(sink, Trusting(sink), implicitTls: true);

        sink.Mails.Count.ShouldBe(1);
        sink.Commands.ShouldNotContain("STARTTLS");
        new SmtpAccount("smtp.example.com", 465, null, null).HasImplicitTls.ShouldBeTrue();
        new SmtpAccount("smtp.example.com", 587, null, null).HasImplicitTls.ShouldBeFalse();
    }

    [Fact]
    public async Task The_older_way_to_log_in_works_too()
    {
        await using var sink = new SmtpSink { Extensions = ["AUTH LOGIN"] };

        await SendAsync(sink, Trusting(sink));

        sink.WasAuthenticated.ShouldBeTrue();
        sink.Mails.Count.ShouldBe(1);
    }

    /// <summary>The platform's client swallows the refusal and sends without a name.</summary>
    [Fact]
    public async Task Who_is_refused_sends_nothing()
    {
        foreach (var mechanism in new[] { "PLAIN", "LOGIN" })
        {
            await using var sink = new SmtpSink { Extensions = ["AUTH " + mechanism] };

            var refused = await Should.ThrowAsync<SmtpException>(() => SendAsync(sink, Trusting(sink), password: "wrong"));

            refused.Message.ShouldContain("535");
            refused.IsPermanent.ShouldBeFalse();
            sink.Mails.ShouldBeEmpty();
            sink.Commands.ShouldNotContain(line => line.StartsWith("MAIL", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task What_a_server_repeats_of_the_credentials_is_not_kept()
    {
        await using var sink = new SmtpSink { Answers = { ["AUTH"] = "535 bad credentials: canary" } };

        var refused = await Should.ThrowAsync<SmtpException>(() => SendAsync(sink, Trusting(sink)));

        refused.Message.ShouldBe("The mail server refused at AUTH: 535");
    }

    [Fact]
    public async Task Who_has_a_name_and_cannot_show_it_sends_nothing()
    {
        await using var deaf = new SmtpSink { Extensions = ["8BITMIME"] };
        await using var sink = new SmtpSink();

        (await Should.ThrowAsync<SmtpException>(() => SendAsync(deaf, Trusting(deaf)))).Message.ShouldContain("AUTH");
        (await Should.ThrowAsync<SmtpException>(() => SendAsync(sink, Trusting(sink), password: null))).Message.ShouldContain("smtp_pass");

        deaf.Mails.ShouldBeEmpty();
        sink.Mails.ShouldBeEmpty();
    }

    [Fact]
    public async Task Without_encryption_no_password_leaves_the_machine()
    {
        await using var sink = new SmtpSink();
        var account = Account(sink, SmtpSink.Password) with { IsLocal = false };

        (await Should.ThrowAsync<SmtpException>(() => new SmtpSender(TimeProvider.System).SendAsync(account, Envelope, Content, CancellationToken.None)))
            .Message.ShouldNotContain(SmtpSink.Password);
        sink.Mails.ShouldBeEmpty();
        sink.Commands.ShouldNotContain(line => line.StartsWith("AUTH", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("localhost", true)]
    [InlineData("127.0.0.1", true)]
    [InlineData("::1", true)]
    [InlineData("localhost.example.com", false)]
    [InlineData("128.0.0.1", false)]
    public void Only_this_machine_is_local(string host, bool isLocal) => new SmtpAccount(host, 587, "u", "p").IsLocal.ShouldBe(isLocal);

    [Fact]
    public async Task A_certificate_of_nobody_known_or_for_another_host_is_refused()
    {
        await using var unknown = new SmtpSink { Certificate = SmtpSink.NewCertificate(Host) };
        await using var other = new SmtpSink { Certificate = SmtpSink.NewCertificate("mail.example.net") };

        (await Should.ThrowAsync<SmtpException>(() => SendAsync(unknown, new SmtpSender(TimeProvider.System)))).Message.ShouldContain("connection");
        (await Should.ThrowAsync<SmtpException>(() => SendAsync(other, Trusting(other)))).Message.ShouldContain("connection");

        unknown.Mails.ShouldBeEmpty();
        other.Mails.ShouldBeEmpty();
    }

    /// <summary>CVE-2011-0411 seen from the other side: what was sent in clear is not taken for encrypted.</summary>
    [Fact]
    public async Task Nothing_may_be_smuggled_in_before_the_encryption()
    {
        await using var sink = new SmtpSink { Certificate = SmtpSink.NewCertificate(Host), Smuggled = "250-injected\r\n250 AUTH PLAIN\r\n" };

        (await Should.ThrowAsync<SmtpException>(() => SendAsync(sink, Trusting(sink)))).Message.ShouldContain("in clear");

        sink.Mails.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("RCPT", "550 5.1.1 no such user", true)]
    [InlineData("RCPT", "451 try later", false)]
    [InlineData("MAIL", "553 not you", true)]
    [InlineData("DATA", "554 no", true)]
    [InlineData("EHLO", "502 what", false)]
    [InlineData("greeting", "554 closed", false)]
    [InlineData("greeting", "HTTP/1.1 400 Bad Request", false)]
    [InlineData("STARTTLS", "454 not now", false)]
    public async Task A_refusal_says_what_it_was_and_whether_to_try_again(string step, string answer, bool isPermanent)
    {
        await using var sink = new SmtpSink { Certificate = SmtpSink.NewCertificate(Host), Answers = { [step] = answer } };

        var refused = await Should.ThrowAsync<SmtpException>(() => SendAsync(sink, Trusting(sink)));

        refused.IsPermanent.ShouldBe(isPermanent);
        sink.Mails.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("a@example.com>\r\nRCPT TO:<evil@example.com", "to@example.com")]
    [InlineData("from@example.com", "to@example.com>\nDATA")]
    [InlineData("from@example.com", "to\0@example.com")]
    public async Task An_address_cannot_become_a_second_command(string from, string to)
    {
        await using var sink = new SmtpSink();

        var refused = await Should.ThrowAsync<SmtpException>(() =>
            Trusting(sink).SendAsync(Account(sink, SmtpSink.Password), new MailEnvelope("x", from, to), Content, CancellationToken.None));

        refused.IsPermanent.ShouldBeTrue();
        sink.Mails.ShouldBeEmpty();
        sink.Commands.ShouldNotContain(line => line.Contains("evil"));
    }

    [Fact]
    public async Task Letters_beyond_ASCII_need_a_server_that_takes_them()
    {
        var envelope = Envelope with { To = "jörg@example.com" };
        await using var old = new SmtpSink();
        await using var modern = new SmtpSink { Extensions = ["AUTH PLAIN", "SMTPUTF8"] };

        (await Should.ThrowAsync<SmtpException>(() => Trusting(old).SendAsync(Account(old, SmtpSink.Password), envelope, Content, CancellationToken.None)))
            .IsPermanent.ShouldBeTrue();
        await Trusting(modern).SendAsync(Account(modern, SmtpSink.Password), envelope, Content, CancellationToken.None);

        modern.Commands.ShouldContain("MAIL FROM:<from@example.com> SMTPUTF8");
        modern.Commands.ShouldContain("RCPT TO:<jörg@example.com>");
    }

    [Fact]
    public async Task A_server_that_never_answers_is_left_in_time()
    {
        await using var sink = new SmtpSink { ImplicitTls = false, Answers = { ["greeting"] = "220-and" } };
        var clock = new HurriedClock();

        var failed = await Should.ThrowAsync<SmtpException>(() => SendAsync(sink, new SmtpSender(clock)));

        failed.Message.ShouldContain("did not answer within 20 seconds");
    }

    private static SmtpSender Trusting(SmtpSink sink) =>
        new(TimeProvider.System, sink.Certificate is null ? null : [System.Security.Cryptography.X509Certificates.X509CertificateLoader.LoadCertificate(sink.Certificate.RawData)]);

    private static Task SendAsync(SmtpSink sink, SmtpSender sender, string? password = SmtpSink.Password, bool implicitTls = false) =>
        sender.SendAsync(Account(sink, password) with { HasImplicitTls = implicitTls }, Envelope, Content, CancellationToken.None);

    private static SmtpAccount Account(SmtpSink sink, string? password) => new(Host, sink.Port, SmtpSink.User, password);

    /// <summary>Of which every timer rings a hundred times as fast.</summary>
    private sealed class HurriedClock : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            System.CreateTimer(callback, state, dueTime == Timeout.InfiniteTimeSpan ? dueTime : dueTime / 100, period);
    }
}
