using System.Net;
using System.Net.Sockets;

namespace StarPortal.Core.Acme;

/// <summary>A resource record of class IN whose data were understood: one of the records below, which are all there are.</summary>
public abstract record DnsRecord
{
    private protected DnsRecord(DnsName owner, DnsRecordType type) => (Owner, Type) = (owner, type);

    public DnsName Owner { get; }

    public DnsRecordType Type { get; }
}

/// <summary>A (RFC 1035 3.4.1) or AAAA (RFC 3596 2.2).</summary>
public sealed record AddressRecord(DnsName Owner, IPAddress Address)
    : DnsRecord(Owner, Address.AddressFamily is AddressFamily.InterNetwork ? DnsRecordType.Address : DnsRecordType.AddressV6);

/// <summary>CNAME (RFC 1035 3.3.1).</summary>
public sealed record AliasRecord(DnsName Owner, DnsName Target) : DnsRecord(Owner, DnsRecordType.Alias);

/// <summary>SOA (RFC 1035 3.3.13): that there is one says that a zone begins here; nothing of it is kept.</summary>
public sealed record ZoneRecord(DnsName Owner) : DnsRecord(Owner, DnsRecordType.StartOfAuthority);

/// <summary>TXT (RFC 1035 3.3.14): its strings joined, an octet a character.</summary>
public sealed record TextRecord(DnsName Owner, string Text) : DnsRecord(Owner, DnsRecordType.Text);

/// <summary>CAA (RFC 8659 4.1): tag and value as they came, an octet a character.</summary>
public sealed record CaaRecord(DnsName Owner, bool IsCritical, string Tag, string Value) : DnsRecord(Owner, DnsRecordType.CertificationAuthorityAuthorization);
