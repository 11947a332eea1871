using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Sallyport.Server.Tests.Hosting;

/// <summary>Ports for servers whose address must be known before they listen.</summary>
internal static class Ports
{
    /// <summary>
    /// Below the range of outgoing connections, of which the tests open thousands: one of them could take the port before the
    /// server does.
    /// </summary>
    private const int First = 20_000;

    private const int Count = 10_000;

    private static int last = RandomNumberGenerator.GetInt32(Count);

    public static int Free()
    {
        while (true)
        {
            var port = First + (Interlocked.Increment(ref last) % Count);
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // The port is in use.
            }
        }
    }
}
