namespace StarPortal.Core.Acme;

/// <summary>What came of a question. NXDOMAIN, NODATA and "nobody could say" are three different things to a validation.</summary>
/// <param name="Name">Where the records are: the name asked for, or what its aliases led to.</param>
/// <param name="Records">Of the type asked for; empty unless <see cref="DnsAnswerKind.Found"/>.</param>
/// <param name="Trouble">Why it failed, as a clause in plain words ("the DNS server answered SERVFAIL"); empty unless <see cref="DnsAnswerKind.Failed"/>.</param>
public sealed record DnsAnswer(DnsAnswerKind Kind, DnsName Name, IReadOnlyList<DnsRecord> Records, string Trouble = "")
{
    public IEnumerable<T> All<T>() where T : DnsRecord => Records.OfType<T>();
}

public enum DnsAnswerKind
{
    Found,

    /// <summary>The name exists and has no record of this type.</summary>
    NoRecords,

    /// <summary>NXDOMAIN.</summary>
    NoSuchName,

    /// <summary>No server gave an answer that can be relied on.</summary>
    Failed,
}
