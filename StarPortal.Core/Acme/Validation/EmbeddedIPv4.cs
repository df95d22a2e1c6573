using System.Net;
using System.Net.Sockets;

namespace StarPortal.Core.Acme;

/// <summary>IPv4 addresses inside IPv6 ones: a way round a guard that looks at the outside alone.</summary>
internal static class EmbeddedIPv4
{
    private static readonly IPNetwork Compatible = IPNetwork.Parse("::/96");
    private static readonly IPNetwork Translated = IPNetwork.Parse("64:ff9b::/96");
    private static readonly IPNetwork SixToFour = IPNetwork.Parse("2002::/16");

    /// <summary>The IPv4 address in a mapped (RFC 4291 2.5.5), NAT64 (RFC 6052) or 6to4 (RFC 3056) address; null for others.</summary>
    public static IPAddress? Find(IPAddress address)
    {
        if (address.AddressFamily is not AddressFamily.InterNetworkV6) return null;
        if (address.IsIPv4MappedToIPv6) return address.MapToIPv4();
        var octets = address.GetAddressBytes();
        if (SixToFour.Contains(address)) return new IPAddress(octets.AsSpan(2, 4));
        return Translated.Contains(address) || Compatible.Contains(address) ? new IPAddress(octets.AsSpan(12, 4)) : null;
    }
}
