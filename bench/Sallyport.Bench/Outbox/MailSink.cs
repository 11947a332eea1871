using System.Buffers;
using Sallyport.Bench.Http;
using SmtpServer;
using SmtpServer.ComponentModel;
using SmtpServer.Net;
using SmtpServer.Protocol;
using SmtpServer.Storage;

namespace Sallyport.Bench.Outbox;

/// <summary>
/// A mail server on a loopback port. It accepts mails without login until <paramref name="count"/> have arrived.
/// </summary>
internal sealed class MailSink(int count) : MessageStore
{
    private static readonly byte[] messageId = "\nMessage-Id:"u8.ToArray();

    private readonly Arrivals arrivals = new(count);

    /// <summary>Prints the port, and at the end the <see cref="Arrivals"/>.</summary>
    public async Task RunAsync()
    {
        using var stop = new CancellationTokenSource();
        using var listener = new LoopbackListener();
        Console.WriteLine(listener.Start());
        var services = new ServiceProvider();
        services.Add((IMessageStore)this);
        services.Add((IEndpointListenerFactory)listener);
        var options = new SmtpServerOptionsBuilder().ServerName("sink").Endpoint(endpoint => endpoint.Port(0)).Build();
        var serving = new SmtpServer.SmtpServer(options, services).StartAsync(stop.Token);
        await arrivals.Complete;
        await stop.CancelAsync();
        await serving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Console.WriteLine(arrivals);
    }

    public override Task<SmtpResponse> SaveAsync(
        ISessionContext context, IMessageTransaction transaction, ReadOnlySequence<byte> buffer, CancellationToken cancellationToken)
    {
        arrivals.Add(FindMessageId(buffer));
        return Task.FromResult(SmtpResponse.Ok);
    }

    private static string FindMessageId(ReadOnlySequence<byte> mail)
    {
        var text = mail.IsSingleSegment ? mail.FirstSpan : mail.ToArray();
        var start = text.IndexOf(messageId);
        if (start < 0)
        {
            throw new WrongAnswerException("mail: Message-Id is missing");
        }

        var rest = text[(start + messageId.Length)..];
        return System.Text.Encoding.ASCII.GetString(rest[..rest.IndexOf((byte)'\r')]);
    }
}
