using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using SmtpServer;
using SmtpServer.IO;
using SmtpServer.Net;

namespace Sallyport.Bench.Outbox;

/// <summary>
/// Accepts connections on a free loopback port. Unlike the library's own listener, it sends small packets at once (no Nagle's algorithm), as
/// mail servers do: otherwise each mail waits 40 ms for a delayed acknowledgement.
/// </summary>
internal sealed class LoopbackListener : IEndpointListenerFactory, IEndpointListener
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);

    public int Start()
    {
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public IEndpointListener CreateListener(IEndpointDefinition endpointDefinition) => this;

    public async Task<ISecurableDuplexPipe> GetPipeAsync(ISessionContext context, CancellationToken cancellationToken)
    {
        var client = await listener.AcceptTcpClientAsync(cancellationToken);
        client.NoDelay = true;
        return new PlainPipe(client);
    }

    public void Dispose() => listener.Dispose();

    private sealed class PlainPipe(TcpClient client) : ISecurableDuplexPipe
    {
        public PipeReader Input { get; } = PipeReader.Create(client.GetStream());

        public PipeWriter Output { get; } = PipeWriter.Create(client.GetStream());

        public bool IsSecure => false;

        public SslProtocols SslProtocol => SslProtocols.None;

        public Task UpgradeAsync(X509Certificate certificate, SslProtocols protocols, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public void Dispose() => client.Dispose();
    }
}
