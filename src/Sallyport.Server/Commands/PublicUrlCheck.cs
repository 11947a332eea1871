using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Sallyport.Server.Commands;

/// <summary>Checks that browsers can open the public URL, and its certificate.</summary>
internal static class PublicUrlCheck
{
    public const string Name = "public URL";

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan RenewalPeriod = TimeSpan.FromDays(14);

    public static async Task<Check> RunAsync(string publicUrl, TimeProvider clock, CancellationToken cancellationToken)
    {
        var url = new Uri(publicUrl);
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(Timeout);
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(url.IdnHost.Trim('[', ']'), url.Port, timeout.Token);
            return url.Scheme == Uri.UriSchemeHttps
                ? await CheckCertificateAsync(client.GetStream(), url, clock.GetUtcNow(), timeout.Token)
                : CheckPlain(url, publicUrl);
        }
        catch (SocketException exception)
        {
            return Check.Warning(
                Name, $"{publicUrl} cannot be reached from here: {exception.Message}", "start the server, or check DNS, the proxy and the firewall");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Check.Warning(Name, $"{publicUrl} does not answer from here", "start the server, or check DNS, the proxy and the firewall");
        }
    }

    private static Check CheckPlain(Uri url, string publicUrl) => url.IsLoopback
        ? Check.Warning(Name, $"{publicUrl} opens on this machine only", "set Sallyport:PublicUrl to the address that users open")
        : Check.Warning(Name, $"{publicUrl} is not encrypted", "use HTTPS; docs/operating.md shows how");

    private static async Task<Check> CheckCertificateAsync(NetworkStream stream, Uri url, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var errors = SslPolicyErrors.None;
        DateTimeOffset? expiresAt = null;
#pragma warning disable CA5359 // Nothing is sent on the connection, and what is wrong with the certificate is reported.
        await using var tls = new SslStream(stream, leaveInnerStreamOpen: true, (_, certificate, _, found) =>
        {
            errors = found;
            expiresAt = certificate is X509Certificate2 known ? known.NotAfter : null;
            return true;
        });
#pragma warning restore CA5359
        try
        {
            await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = url.IdnHost }, cancellationToken);
        }
        catch (Exception exception) when (exception is AuthenticationException or IOException)
        {
            return Check.Fault(Name, $"{url.Authority} does not speak TLS: {exception.Message}", "give the proxy or Kestrel a certificate; docs/operating.md shows how");
        }

        var expiry = $"its certificate expires on {expiresAt:yyyy-MM-dd}";
        return expiresAt <= now ? Check.Fault(Name, $"{url.Authority}: the certificate has expired on {expiresAt:yyyy-MM-dd}", "renew the certificate")
            : errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch)
                ? Check.Fault(Name, $"{url.Authority}: the certificate is for another name", $"use a certificate for {url.IdnHost}")
            : errors != SslPolicyErrors.None
                ? Check.Fault(Name, $"{url.Authority}: this machine does not trust the certificate", "use one of a public authority, with its whole chain")
            : expiresAt - now < RenewalPeriod ? Check.Warning(Name, $"{url.Authority} answers; {expiry}", "renew the certificate")
            : Check.Ok(Name, $"{url.Authority} answers; {expiry}");
    }
}
