using System.Net;
using System.Net.Sockets;

namespace Sallyport.Server.Messages.Providers;

/// <summary>The destination of a request is not on the public Internet. The text contains no address.</summary>
internal sealed class DestinationRefusedException() : Exception("its address is not on the public Internet");

/// <summary>
/// Connects to public addresses only. The check is made where the connection is opened, on the address that is used, so a name that resolves
/// to another address afterwards gains nothing.
/// </summary>
internal static class PublicDestinations
{
    /// <summary>The special-purpose address registry of IANA (RFC 6890), as far as its ranges are not globally reachable.</summary>
    private static readonly IPNetwork[] Private = Array.ConvertAll(
        [
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
            "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
            // Teredo and 6to4 carry an IPv4 address, which may be private; documentation.
            "2001::/23", "2002::/16", "2001:db8::/32", "3fff::/20",
        ],
        IPNetwork.Parse);

    private static readonly string[] PrivateEndings = [".localhost", ".local", ".internal", ".home.arpa", ".test", ".invalid"];

    private static readonly IPNetwork GlobalUnicast = IPNetwork.Parse("2000::/3");

    public static bool IsPublic(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return (plain.AddressFamily == AddressFamily.InterNetwork || GlobalUnicast.Contains(plain))
            && !Private.Any(network => network.Contains(plain));
    }

    /// <returns>False for a private address, and for names that never lead to the public Internet (RFC 6761, RFC 6762).</returns>
    public static bool MayBePublic(Uri url)
    {
        var host = url.IdnHost.Trim('[', ']');
        return IPAddress.TryParse(host, out var literal)
            ? IsPublic(literal)
            : host.Contains('.', StringComparison.Ordinal)
                && !Array.Exists(PrivateEndings, ending => host.TrimEnd('.').EndsWith(ending, StringComparison.OrdinalIgnoreCase));
    }

    public static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var host = context.DnsEndPoint.Host;
        var addresses = IPAddress.TryParse(host, out var literal) ? [literal] : await Dns.GetHostAddressesAsync(host, cancellationToken);
        var usable = Array.FindAll(addresses, IsPublic);
        if (usable.Length == 0)
        {
            throw new DestinationRefusedException();
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(usable, context.DnsEndPoint.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
