namespace StarPortal.Core.Delegation;

/// <summary>A DNS server that takes updates (RFC 2136) signed by a shared key (RFC 8945).</summary>
/// <param name="Server">The zone's primary: host, host:port, address or [address]:port.</param>
public sealed record DnsUpdateSettings(string Server, TsigKey Key)
{
    /// <summary>Null: the nearest zone above the record that the server has.</summary>
    public string? Zone { get; init; }

    /// <summary>Of the records, in seconds.</summary>
    public int TimeToLive { get; init; } = 60;

    /// <summary>For one answer of the server.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Servers that have to show the record before the upstream is told, such as the secondaries; empty: the server itself.</summary>
    public IReadOnlyList<string> SeenBy { get; init; } = [];
}
