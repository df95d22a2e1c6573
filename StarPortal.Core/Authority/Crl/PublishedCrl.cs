using StarPortal.Core.Shared;

namespace StarPortal.Core.Authority;

/// <summary>A signed CRL. All nodes serve the newest; its number comes from the database, so that it only ever grows (RFC 5280 5.2.3).</summary>
public sealed class PublishedCrl
{
    private PublishedCrl()
    {
    }

    public Guid Id { get; private set; } = SecureTokens.NewId();

    public string Issuer { get; private set; } = "";

    /// <summary>1, 2, 3 … per issuer; unique with it.</summary>
    public long Number { get; private set; }

    public DateTimeOffset ThisUpdate { get; private set; }

    public DateTimeOffset NextUpdate { get; private set; }

    public int EntryCount { get; private set; }

    public byte[] Der { get; private set; } = [];

    /// <summary>Whether half of its time has passed: its successor is then due.</summary>
    public bool IsDueAt(DateTimeOffset now) => now >= ThisUpdate + ((NextUpdate - ThisUpdate) / 2);

    /// <summary>Serial numbers are random, so that their octets stand in a CRL only as an entry.</summary>
    internal bool Lists(SerialNumber serial) => Der.AsSpan().IndexOf(serial.ToBytes().AsSpan().TrimStart((byte)0)) >= 0;

    internal static PublishedCrl Of(string issuer, long number, DateTimeOffset thisUpdate, DateTimeOffset nextUpdate, int entryCount, byte[] der) => new()
    {
        Issuer = issuer, Number = number, ThisUpdate = thisUpdate, NextUpdate = nextUpdate, EntryCount = entryCount, Der = der,
    };
}
