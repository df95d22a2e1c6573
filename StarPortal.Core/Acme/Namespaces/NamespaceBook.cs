using System.Collections.Frozen;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using StarPortal.Core.Data;

namespace StarPortal.Core.Acme;

/// <summary>Every namespace in force, kept in memory and read anew after a few seconds: an order asks for each of its names.</summary>
public sealed class NamespaceBook(IDbContextFactory<PortalDbContext> contexts, IOptions<AcmeOptions> options, TimeProvider clock)
{
    internal static readonly TimeSpan Freshness = TimeSpan.FromSeconds(5);

    private Page? current;

    /// <returns>The namespaces that hold the name and are for accounts of this owner, the longest first.</returns>
    /// <param name="name">A DNS name, with or without <c>*.</c>.</param>
    /// <param name="accountOwner">The person whose account asks; null when nobody's.</param>
    public async ValueTask<IReadOnlyList<NamespaceMatch>> FindAsync(string name, Guid? accountOwner, CancellationToken ct)
    {
        var page = Volatile.Read(ref current) is { } read && clock.GetElapsedTime(read.ReadAt) < Freshness ? read : await ReadAsync(ct);
        if (page.BySuffix.Count == 0) return [];
        List<NamespaceMatch> found = [];
        for (var suffix = name.StartsWith("*.", StringComparison.Ordinal) ? name[2..] : name; ; suffix = suffix[(suffix.IndexOf('.', StringComparison.Ordinal) + 1)..])
        {
            if (page.BySuffix.TryGetValue(suffix, out var here)) found.AddRange(here.Where(match => match.IsFor(accountOwner)));
            if (!suffix.Contains('.', StringComparison.Ordinal)) return found;
        }
    }

    /// <summary>A decision of this node counts at once.</summary>
    public void Forget() => Volatile.Write(ref current, null);

    private async Task<Page> ReadAsync(CancellationToken ct)
    {
        var readAt = clock.GetTimestamp();
        await using var db = await contexts.CreateDbContextAsync(ct);
        var rows = await db.AcmeNamespaces.AsNoTracking().Where(claim => claim.State == AcmeNamespaceState.Approved)
            .Select(claim => new NamespaceMatch(claim.Suffix, claim.Challenge, claim.OwnerId, claim.OrganisationId)).ToListAsync(ct);
        var configured = options.Value.Namespaces.Select(entry => new NamespaceMatch(
            entry.Suffix.TrimStart('*').TrimStart('.').ToLowerInvariant(), entry.Challenge == "waived" ? NamespaceChallenge.Waived : NamespaceChallenge.Required, null, null));
        var page = new Page(rows.Concat(configured).GroupBy(match => match.Suffix, StringComparer.Ordinal).ToFrozenDictionary(group => group.Key, group => group.ToArray(), StringComparer.Ordinal), readAt);
        Volatile.Write(ref current, page);
        return page;
    }

    private sealed record Page(FrozenDictionary<string, NamespaceMatch[]> BySuffix, long ReadAt);
}
