using System.Runtime.InteropServices;

namespace StarPortal.Core.Star;

/// <summary>From when to when a certificate is valid, both included.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct CertificateLife(DateTimeOffset NotBefore, DateTimeOffset NotAfter)
{
    public TimeSpan Length => NotAfter - NotBefore;

    public bool Includes(DateTimeOffset instant) => NotBefore <= instant && instant <= NotAfter;

    /// <summary>Whether the other one takes its place: it begins later, or together and ends later.</summary>
    public bool IsOlderThan(CertificateLife other) => (NotBefore, NotAfter).CompareTo((other.NotBefore, other.NotAfter)) < 0;
}
