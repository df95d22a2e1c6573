using System.ComponentModel.DataAnnotations;

namespace StarPortal.Core.MyProxy;

/// <summary>Section <c>MyProxy:Mirror</c>: where copies of the stored credentials go, and whose copies are taken.</summary>
public sealed class MirrorOptions
{
    /// <summary>What the portals that take our copies know this one by; null: the host of <c>Portal:PublicUrl</c>.</summary>
    public string? Name { get; set; }

    /// <summary>A storage directory that a genuine server serves; null: none.</summary>
    public string? Directory { get; set; }

    /// <summary>Of the copies at another side, how many in a hundred a whole run may remove: more are left, and told of, since this portal may have lost them itself.</summary>
    [Range(1, 100)]
    public int MaxRemovedPercent { get; set; } = 50;

    /// <summary>Portals that get copies, by a name for this portal's own pages.</summary>
    public Dictionary<string, MirrorSiteOptions> Sites { get; set; } = new(StringComparer.Ordinal);

    /// <summary>Portals whose copies are taken, by the names that they give themselves; none: the door is shut.</summary>
    public Dictionary<string, MirrorSourceOptions> Accept { get; set; } = new(StringComparer.Ordinal);
}
