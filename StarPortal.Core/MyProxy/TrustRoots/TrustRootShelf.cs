using System.Security.Cryptography;
using System.Text;

namespace StarPortal.Core.MyProxy;

/// <summary>The CAs that are trusted now: our own and those of <c>MyProxy:TrustDirectory</c>. Read anew after a few seconds.</summary>
public sealed class TrustRootShelf(OwnAuthorities own, TrustDirectory directory, TimeProvider clock)
{
    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(2);

    private volatile Place? place;

    /// <summary>The same object for as long as nothing changed.</summary>
    public async Task<TrustRootSet> GetAsync(CancellationToken ct)
    {
        var (held, now) = (place, clock.GetUtcNow());
        if (held is not null && (now - held.ReadAt).Duration() < Freshness) return held.Roots;

        var ours = await own.ReadAsync(ct);
        var names = ours.Select(anchor => anchor.Hash).ToHashSet(StringComparer.Ordinal);
        var roots = Assemble([.. ours, .. directory.Read().Where(anchor => names.Add(anchor.Hash))]);
        if (held?.Roots.Version == roots.Version) roots = held.Roots;
        place = new Place(roots, now);
        return roots;
    }

    private static TrustRootSet Assemble(IReadOnlyList<TrustAnchor> anchors)
    {
        TrustRootFile[] files = [.. anchors.SelectMany(anchor => anchor.Files).OrderBy(file => file.Name, StringComparer.Ordinal)];
        return new TrustRootSet(files, [.. anchors.Select(anchor => anchor.Certificate)], [.. anchors.Select(anchor => anchor.RevocationList).OfType<byte[]>()], VersionOf(files));
    }

    private static string VersionOf(IEnumerable<TrustRootFile> files)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in files)
        {
            hash.AppendData(Encoding.ASCII.GetBytes($"{file.Name}:{file.Content.Length}\n"));
            hash.AppendData(file.Content);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private sealed record Place(TrustRootSet Roots, DateTimeOffset ReadAt);
}
