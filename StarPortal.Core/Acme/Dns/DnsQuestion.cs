namespace StarPortal.Core.Acme;

/// <summary>What is asked, always in class IN.</summary>
public sealed record DnsQuestion(DnsName Name, DnsRecordType Type);
