namespace StarPortal.Core.Acme;

/// <summary>Bytes that are not a DNS message, or a text that is not a domain name. The message says what is wrong, without the bytes.</summary>
public sealed class DnsFormatException(string message) : Exception(message);
