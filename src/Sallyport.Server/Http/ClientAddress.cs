using System.Net;
using System.Net.Sockets;

namespace Sallyport.Server.Http;

/// <summary>The address that identifies an anonymous caller: the one that a trusted proxy forwards, else the one of the connection.</summary>
internal static class ClientAddress
{
    public static string Of(HttpContext context) => Of(context.Connection.RemoteIpAddress);

    /// <summary>An IPv6 /64 network is one caller, because one household or host gets a whole one. IPv4-mapped addresses become IPv4.</summary>
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
