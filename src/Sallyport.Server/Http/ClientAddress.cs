using System.Net;
using System.Net.Sockets;

namespace Sallyport.Server.Http;

/// <summary>Who counts as one caller: behind a trusted proxy the address that it forwards, else that of the connection.</summary>
internal static class ClientAddress
{
    public static string Of(HttpContext context) => Of(context.Connection.RemoteIpAddress);

    /// <summary>One household is one caller: an IPv6 /64, and an IPv4 address in whatever form it comes.</summary>
    public static string Of(IPAddress? address)
    {
        if (address is null)
        {
            return "";
        }

        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        if (plain.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return plain.ToString();
        }

        var bytes = plain.GetAddressBytes();
        bytes.AsSpan(8).Clear();
        return new IPAddress(bytes).ToString();
    }
}
