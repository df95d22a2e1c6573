namespace StarPortal.Core.Acme;

/// <summary>What an identifier names: <c>dns</c> (RFC 8555 9.7.7) or <c>ip</c> (RFC 8738).</summary>
public enum AcmeIdentifierType
{
    Dns,
    Ip,
}
