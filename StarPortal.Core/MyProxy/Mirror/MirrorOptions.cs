namespace StarPortal.Core.MyProxy;

/// <summary>Section <c>MyProxy:Mirror</c>: where copies of the stored credentials go, and whose copies are taken.</summary>
public sealed class MirrorOptions
{
    /// <summary>What the portals that take our copies know this one by; null: the host of <c>Portal:PublicUrl</c>.</summary>
    public string? Name { get; set; }

    /// <summary>A storage directory that a genuine server serves; null: none.</summary>
    public string? Directory { get; set; }

    /// <summary>Portals that get copies, by a name for this portal's own pages.</summary>
    public Dictionary<string, MirrorSiteOptions> Sites { get; set; } = new(StringComparer.Ordinal);

    /// <summary>Portals whose copies are taken, by the names that they give themselves; none: the door is shut.</summary>
    public Dictionary<string, MirrorSourceOptions> Accept { get; set; } = new(StringComparer.Ordinal);
}
