using System.Runtime.InteropServices;

namespace StarPortal.Core.Star;

/// <summary>One certificate of an order (RFC 8739 section 3.5), in whole seconds. It is published at <see cref="NotBefore"/>.</summary>
/// <param name="Index">From 0.</param>
/// <param name="NominalRenewalDate">nrd[i]: when the certificate is due by the order's lifetime alone.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Slot(long Index, DateTimeOffset NominalRenewalDate, DateTimeOffset NotBefore, DateTimeOffset NotAfter);
