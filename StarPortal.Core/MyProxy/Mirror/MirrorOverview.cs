using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Data;
using StarPortal.Core.Shared;

namespace StarPortal.Core.MyProxy;

/// <summary>One other side as pages show it.</summary>
/// <param name="Address">A directory or a URL; null of a source.</param>
/// <param name="State">Null: nothing has happened yet.</param>
/// <param name="Copies">Of a source: how many of its copies are here.</param>
public sealed record MirrorSide(MirrorKind Kind, string Name, string? Address, MirrorState? State, int Copies)
{
    /// <summary>Two nights and what a run takes.</summary>
    public static readonly TimeSpan MostBehind = TimeSpan.FromHours(50);

    public bool IsInStep => State is { Error: null, Differing: 0, InStepAt: not null };

    /// <summary>Whether it has missed more than two nights.</summary>
    public bool IsBehind(DateTimeOffset now) => State is { } state && now - (state.InStepAt ?? state.Since) > MostBehind;
}

/// <summary>How it stands with the second sites.</summary>
public sealed class MirrorOverview(IDbContextFactory<PortalDbContext> contexts, MirrorSites sites)
{
    /// <summary>Those that get what is here first, then those whose copies are taken.</summary>
    /// <exception cref="ServiceException">Unauthenticated, Forbidden: for administrators and auditors only.</exception>
    public async Task<IReadOnlyList<MirrorSide>> ListAsync(Actor actor, CancellationToken ct)
    {
        actor.Require(actor.Is(PortalRole.Auditor) ? PortalRole.Auditor : PortalRole.Administrator);
        return [.. await ReadTargetsAsync(ct), .. await ReadSourcesAsync(ct)];
    }

    /// <summary>Those that get what is here.</summary>
    public async Task<IReadOnlyList<MirrorSide>> ReadTargetsAsync(CancellationToken ct)
    {
        if (sites.Targets.Count == 0) return [];
        var states = await ReadStatesAsync(ct);
        return [.. sites.Targets.Select(target => (Kind: MirrorRuns.KindOf(target), Name: target))
            .Select(target => new MirrorSide(target.Kind, target.Name, target.Kind is MirrorKind.Directory ? sites.Directory : sites.UrlOf(target.Name).AbsoluteUri, states.GetValueOrDefault((target.Kind, target.Name)), 0))];
    }

    private async Task<IReadOnlyList<MirrorSide>> ReadSourcesAsync(CancellationToken ct)
    {
        if (sites.Sources.Count == 0) return [];
        var states = await ReadStatesAsync(ct);
        await using var db = await contexts.CreateDbContextAsync(ct);
        var copies = await db.MirrorCopies.GroupBy(copy => copy.Source).Select(group => new { group.Key, Count = group.Count() }).ToDictionaryAsync(group => group.Key, group => group.Count, StringComparer.Ordinal, ct);
        return [.. sites.Sources.Select(source => new MirrorSide(MirrorKind.Source, source, null, states.GetValueOrDefault((MirrorKind.Source, source)), copies.GetValueOrDefault(source)))];
    }

    private async Task<Dictionary<(MirrorKind Kind, string Name), MirrorState>> ReadStatesAsync(CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        return await db.MirrorStates.AsNoTracking().ToDictionaryAsync(state => (state.Kind, state.Name), ct);
    }
}
