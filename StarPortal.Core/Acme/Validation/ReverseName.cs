using System.Net;
using System.Net.Sockets;

namespace StarPortal.Core.Acme;

/// <summary>The name of an address in in-addr.arpa (RFC 1035 3.5) or ip6.arpa (RFC 3596 2.5).</summary>
internal static class ReverseName
{
    public static string Of(IPAddress address)
    {
        var octets = address.GetAddressBytes().Reverse();
        return address.AddressFamily is AddressFamily.InterNetwork
            ? $"{string.Join('.', octets)}.in-addr.arpa"
            : $"{string.Join('.', octets.Select(octet => $"{octet & 15:x}.{octet >> 4:x}"))}.ip6.arpa";
    }
}
