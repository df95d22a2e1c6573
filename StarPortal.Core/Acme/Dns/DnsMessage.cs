namespace StarPortal.Core.Acme;

/// <summary>An answer as far as a stub resolver needs it: header, question, and the answer section's records whose type it knows.</summary>
/// <param name="IsTruncated">TC: the rest did not fit, and was not read. Ask again over TCP.</param>
/// <param name="Question">Null when the server sent none, as some do with FORMERR.</param>
public sealed record DnsMessage(
    ushort Id, bool IsResponse, bool IsTruncated, DnsResponseCode ResponseCode, DnsQuestion? Question, IReadOnlyList<DnsRecord> Answers);
