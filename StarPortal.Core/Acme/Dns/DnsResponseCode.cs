namespace StarPortal.Core.Acme;

/// <summary>RCODE of an answer (RFC 1035 4.1.1). Servers may send others: they are numbers without a name here.</summary>
public enum DnsResponseCode
{
    NoError = 0,
    FormatError = 1,
    ServerFailure = 2,
    NameError = 3,
    NotImplemented = 4,
    Refused = 5,
}
