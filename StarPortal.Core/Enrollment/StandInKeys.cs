using System.Collections.Concurrent;
using StarPortal.Core.Authority;

namespace StarPortal.Core.Enrollment;

/// <summary>
/// Public keys that stand in previews where the portal's will be: one of each kind, made when first needed. Nobody has their private halves.
/// </summary>
internal static class StandInKeys
{
    private static readonly ConcurrentDictionary<KeyAlgorithm, Lazy<byte[]>> Made = new();

    /// <returns>SubjectPublicKeyInfo, DER.</returns>
    public static byte[] For(KeyAlgorithm algorithm) => Made.GetOrAdd(algorithm, kind => new Lazy<byte[]>(() =>
    {
        using var key = kind.MakeKey();
        return key.ExportSubjectPublicKeyInfo();
    })).Value;
}
