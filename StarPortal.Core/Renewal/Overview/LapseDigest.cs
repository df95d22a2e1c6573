using StarPortal.Core.Identity;

namespace StarPortal.Core.Renewal;

/// <summary>A certificate that ends, or has ended, with nothing after it.</summary>
internal sealed record LapsingCertificate(string FullName, string Organisation, DateTimeOffset NotAfter, bool HasEnded, bool IsDeclined)
{
    public string Note => IsDeclined ? ", declined" : "";
}

/// <summary>What one officer reads of the week, some lines of it by name.</summary>
internal sealed class LapseDigest(OfficerContact officer)
{
    public const int MaxLines = 50;

    private readonly List<LapsingCertificate> lines = [];

    public OfficerContact Officer => officer;

    public IReadOnlyList<LapsingCertificate> Lines => lines;

    /// <summary>All of them, also those without a line.</summary>
    public int Count { get; private set; }

    /// <summary>People whom the officer is asked about.</summary>
    public int ToAnswer { get; set; }

    public void Add(IReadOnlyList<LapsingCertificate> some, int count)
    {
        lines.AddRange(some.Take(MaxLines - lines.Count));
        Count += count;
    }
}
