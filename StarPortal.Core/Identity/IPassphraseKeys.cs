using StarPortal.Core.Data;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Identity;

/// <summary>The keys of people that a room keeps under their passphrases. Every room that keeps some has one.</summary>
public interface IPassphraseKeys
{
    /// <summary>Opens with the old passphrase what opens with it, and closes it with the new one, in the caller's unit of work. The rest stays as it is.</summary>
    /// <returns>Every key of the person in this room.</returns>
    Task<IReadOnlyList<KeyChange>> ChangeAsync(PortalDbContext db, Guid userId, PassphrasePair passphrases, Actor actor, CancellationToken ct);
}

/// <param name="Old">The one that is given up.</param>
/// <param name="New">The one that takes its place.</param>
public sealed record PassphrasePair(string Old, string New);

/// <param name="What">The key, in words for its owner.</param>
/// <param name="IsChanged">False: it lies under another passphrase than the old one.</param>
public sealed record KeyChange(string What, bool IsChanged);
