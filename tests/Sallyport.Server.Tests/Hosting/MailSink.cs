using System.Buffers;
using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using SmtpServer;
using SmtpServer.Authentication;
using SmtpServer.Mail;
using SmtpServer.Net;
using SmtpServer.Protocol;
using SmtpServer.Storage;

namespace Sallyport.Server.Tests.Hosting;

/// <summary>A mail that a <see cref="MailSink"/> received.</summary>
/// <param name="User">The user who was logged in, or null.</param>
internal sealed record ReceivedMail(string From, string To, string Content, bool WasEncrypted, string? User, Guid Connection);

/// <summary>A mail server that keeps what it receives. It behaves well; for one that does not, see <see cref="ScriptedMailServer"/>.</summary>
internal sealed class MailSink : MessageStore, IUserAuthenticator, IMailboxFilter, IAsyncDisposable
{
    public const string User = "mailer";
    public const string Password = "p@ss wörd";

    private readonly ConcurrentQueue<ReceivedMail> mails = new();
    private readonly CancellationTokenSource stop = new();
    private readonly X509Certificate2? certificate;
    private Task work = Task.CompletedTask;

    private MailSink(X509Certificate2? certificate) => this.certificate = certificate;

    public int Port { get; private set; }

    public IReadOnlyList<ReceivedMail> Mails => [.. mails];

    /// <summary>Refused with 550.</summary>
    public string? UnknownRecipient { get; init; }

    /// <param name="certificate">Null: the server offers no encryption.</param>
    public static async Task<MailSink> StartAsync(X509Certificate2? certificate = null, bool implicitTls = false, string? unknownRecipient = null)
    {
        var sink = new MailSink(certificate) { UnknownRecipient = unknownRecipient };
        var started = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        var listeners = new EndpointListenerFactory();
        listeners.EndpointStarted += (_, args) => started.TrySetResult(((IPEndPoint)args.LocalEndPoint).Port);
        var services = new SmtpServer.ComponentModel.ServiceProvider();
        services.Add((IMessageStore)sink);
        services.Add((IUserAuthenticator)sink);
        services.Add((IMailboxFilter)sink);
        services.Add(listeners);
        var options = new SmtpServerOptionsBuilder()
            .ServerName("sink")
            .Endpoint(endpoint =>
            {
                endpoint.Endpoint(new IPEndPoint(IPAddress.Loopback, 0)).AllowUnsecureAuthentication().IsSecure(implicitTls);
                if (certificate is not null)
                {
                    endpoint.Certificate(certificate);
                }
            })
            .Build();
        sink.work = new SmtpServer.SmtpServer(options, services).StartAsync(sink.stop.Token);
        sink.Port = await started.Task;
        return sink;
    }

    public static X509Certificate2 NewCertificate(string host)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=" + host, key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(host);
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        using var selfSigned = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(selfSigned.Export(X509ContentType.Pkcs12), null);
    }

    public override Task<SmtpResponse> SaveAsync(
        ISessionContext context, IMessageTransaction transaction, ReadOnlySequence<byte> buffer, CancellationToken cancellationToken)
    {
        mails.Enqueue(new ReceivedMail(
            transaction.From.AsAddress(),
            transaction.To.ShouldHaveSingleItem().AsAddress(),
            Encoding.UTF8.GetString(buffer.ToArray()),
            context.Pipe.IsSecure,
            context.Authentication.IsAuthenticated ? context.Authentication.User : null,
            context.SessionId));
        return Task.FromResult(SmtpResponse.Ok);
    }

    public Task<bool> AuthenticateAsync(ISessionContext context, string user, string password, CancellationToken cancellationToken) =>
        Task.FromResult((user, password) == (User, Password));

    public Task<bool> CanAcceptFromAsync(ISessionContext context, IMailbox from, int size, CancellationToken cancellationToken) => Task.FromResult(true);

    public Task<bool> CanDeliverToAsync(ISessionContext context, IMailbox to, IMailbox from, CancellationToken cancellationToken) =>
        Task.FromResult(to.AsAddress() != UnknownRecipient);

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        stop.Dispose();
        certificate?.Dispose();
    }
}
