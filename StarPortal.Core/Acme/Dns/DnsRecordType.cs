namespace StarPortal.Core.Acme;

/// <summary>Types of resource records that the resolver asks for or has to know (RFC 1035 3.2.2, RFC 3596, RFC 8659).</summary>
public enum DnsRecordType
{
    Address = 1,
    Alias = 5,

    /// <summary>SOA: of the top of a zone alone.</summary>
    StartOfAuthority = 6,

    Text = 16,
    AddressV6 = 28,
    CertificationAuthorityAuthorization = 257,
}
