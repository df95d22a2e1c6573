using StarPortal.Core.Shared;

namespace StarPortal.Core.MyProxy;

/// <summary>
/// Makes another portal's copies like the credentials here. What was sent is kept there at once, so that a run which ends half-way is gone on with by the next.
/// </summary>
public sealed class MirrorToPortal(MirrorHere here, MirrorClient client, MirrorSites sites)
{
    private const int BatchCount = 100;

    /// <summary>Octets of content in one question; its base64 and the rest stay below <see cref="MirrorJson.MaxQuestion"/>.</summary>
    private const int BatchOctets = 600 * 1024;

    /// <exception cref="ServiceException">Unavailable.</exception>
    internal async Task<MirrorReport> RunAsync(MirrorSite site, CancellationToken ct)
    {
        var holdings = await here.DigestAsync(site.Secret, ct);
        var there = await ReadThereAsync(site, ct);
        var difference = MirrorDifference.Between(holdings.Digests, there, holdings.Unreadable.Keys.ToHashSet(StringComparer.Ordinal));
        List<string> problems = [.. holdings.Unreadable.Values.Select(called => $"{called}: its key was sealed under another server key.")];
        var problem = sites.LimitRemovals(difference.Remove.Count, there.Count);
        if (problem is not null) problems.Add(problem);
        var removed = problem is null ? await RemoveAsync(site, difference.Remove, problems, ct) : 0;
        var sent = await SendAsync(site, difference.Send, problems, ct);
        return new MirrorReport(holdings.Digests.Count + holdings.Unreadable.Count, sent, removed, problems);
    }

    /// <summary>Some credentials, which may be here no more.</summary>
    /// <exception cref="ServiceException">As above.</exception>
    internal async Task<MirrorReport> UpdateAsync(MirrorSite site, IReadOnlyList<string> names, CancellationToken ct)
    {
        List<string> problems = [];
        var present = await here.ReadAsync(names, ct);
        var removed = await RemoveAsync(site, [.. names.Where(name => !present.ContainsKey(name))], problems, ct);
        return new MirrorReport(present.Count, await SendAsync(site, [.. present.Keys], problems, ct), removed, problems);
    }

    private async Task<Dictionary<string, string>> ReadThereAsync(MirrorSite site, CancellationToken ct)
    {
        Dictionary<string, string> there = new(StringComparer.Ordinal);
        for (var skip = 0; ;)
        {
            var page = await client.AskAsync<MirrorInventoryQueryJson, MirrorInventoryJson>(site, MirrorEndpoints.InventoryPath, new(skip), ct);
            foreach (var holding in page.Holdings) there[holding.Name] = holding.Digest;
            if (page.IsLast || page.Holdings.Count == 0) return there;
            skip += page.Holdings.Count;
        }
    }

    private async Task<int> RemoveAsync(MirrorSite site, IReadOnlyList<string> names, List<string> problems, CancellationToken ct)
    {
        var removed = 0;
        foreach (var batch in names.Chunk(MirrorJson.MaxChanges))
        {
            var result = await client.AskAsync<MirrorChangesJson, MirrorResultJson>(site, MirrorEndpoints.ChangesPath, new([], batch), ct);
            problems.AddRange(result.Refused.Select(refusal => $"A credential that is here no more: {refusal.Reason}"));
            removed += batch.Length - result.Refused.Count;
        }

        return removed;
    }

    private async Task<int> SendAsync(MirrorSite site, IReadOnlyList<string> names, List<string> problems, CancellationToken ct)
    {
        var sent = 0;
        foreach (var chunk in names.Chunk(BatchCount))
        {
            var contents = await here.ReadAsync(chunk, ct);
            foreach (var batch in Batches(site, contents))
            {
                var result = await client.AskAsync<MirrorChangesJson, MirrorResultJson>(site, MirrorEndpoints.ChangesPath, new(batch, []), ct);
                problems.AddRange(result.Refused.Select(refusal => $"{(contents.TryGetValue(refusal.Name, out var refused) ? refused.Called : refusal.Name)}: {refusal.Reason}"));
                sent += batch.Count - result.Refused.Count;
            }
        }

        return sent;
    }

    private IEnumerable<IReadOnlyList<MirrorEntryJson>> Batches(MirrorSite site, IReadOnlyDictionary<string, (string Called, byte[]? Content)> contents)
    {
        List<MirrorEntryJson> batch = [];
        var octets = 0;
        foreach (var (name, (_, content)) in contents)
        {
            if (content is null) continue;
            if (batch.Count > 0 && octets + content.Length > BatchOctets)
            {
                yield return batch;
                (batch, octets) = ([], 0);
            }

            batch.Add(MirrorEnvelope.Seal(site.Secret, sites.OwnName, name, content));
            octets += content.Length;
        }

        if (batch.Count > 0) yield return batch;
    }
}
