using System.Net;

namespace StarPortal.Core.Acme;

/// <summary>An entry of <c>Acme:DnsServers</c>: an address or a host name, with a port or without.</summary>
internal readonly record struct DnsServerAddress(string Host, int Port)
{
    private const int DefaultPort = 53;

    /// <summary>Reads <c>192.0.2.1</c>, <c>192.0.2.1:5353</c>, <c>[2001:db8::1]:5353</c>, <c>2001:db8::1</c>, <c>dns.example:53</c>; null for anything else.</summary>
    public static DnsServerAddress? TryParse(string text)
    {
        text = text.Trim();
        if (IPAddress.TryParse(text.Trim('[', ']'), out var address)) return new(address.ToString(), DefaultPort);
        var colon = text.LastIndexOf(':');
        var (host, portText) = colon < 0 ? (text, $"{DefaultPort}") : (text[..colon], text[(colon + 1)..]);
        if (!int.TryParse(portText, out var port) || port is < 1 or > 65535) return null;
        if (host.StartsWith('[') && host.EndsWith(']')) host = host[1..^1];
        return Uri.CheckHostName(host) is UriHostNameType.Unknown ? null : new(host, port);
    }
}
