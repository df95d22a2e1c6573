using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;

namespace StarPortal.Core.Acme;

/// <summary>
/// Which addresses a validation may connect to (RFC 8555 10.4): asked for each address after resolving, and again after each redirect.
/// Deny nets win over allow nets, allow nets over the list of special addresses.
/// </summary>
public sealed class AddressGuard
{
    private readonly IPNetwork[] allowed;

    private readonly IPNetwork[] denied;

    private readonly bool allowsSpecial;

    public AddressGuard(IOptions<AcmeOptions> options)
        : this(options.Value.AllowPrivateAddresses, options.Value.AllowNets, options.Value.DenyNets)
    {
    }

    internal AddressGuard(bool allowsSpecial, IEnumerable<string> allowed, IEnumerable<string> denied)
    {
        this.allowsSpecial = allowsSpecial;
        this.allowed = [.. allowed.Select(ParseNet)];
        this.denied = [.. denied.Select(ParseNet)];
    }

    /// <summary>Null when the address may be connected to, or why not: the end of the sentence "192.168.1.1 …".</summary>
    public string? FindObjection(IPAddress address)
    {
        IPAddress[] forms = EmbeddedIPv4.Find(address) is { } inner ? [address, inner] : [address];
        if (forms.Any(form => Contains(denied, form))) return "is in a network that this server is told not to connect to";
        if (forms.Any(form => Contains(allowed, form)) || allowsSpecial) return null;
        return forms.Select(SpecialAddresses.Describe).FirstOrDefault(kind => kind is not null) is { } special
            ? $"is {special}, and this server connects to public addresses only"
            : null;
    }

    /// <summary>A network in CIDR form, or a single address.</summary>
    /// <exception cref="FormatException">Neither.</exception>
    internal static IPNetwork ParseNet(string text) =>
        IPAddress.TryParse(text.Trim(), out var address)
            ? new IPNetwork(address, address.AddressFamily is AddressFamily.InterNetwork ? 32 : 128)
            : IPNetwork.Parse(text.Trim());

    private static bool Contains(IPNetwork[] nets, IPAddress address) => nets.Any(net => net.Contains(address));
}
