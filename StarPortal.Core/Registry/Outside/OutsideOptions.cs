using System.ComponentModel.DataAnnotations;

namespace StarPortal.Core.Registry;

/// <summary>Section <c>Registry:Outside</c>: an HTTP registry elsewhere, as docs/registry.md describes it.</summary>
public sealed class OutsideOptions
{
    /// <summary>Where it is told and asked: https, or http on this machine. Null: there is none.</summary>
    public string? Url { get; set; }

    /// <summary>File with the shared secret that signs what is sent to it, 32 octets or more; spaces and line ends around it do not count.</summary>
    public string? SecretFile { get; set; }

    /// <summary>PEM file of the roots of its HTTPS certificate; null: those of the system.</summary>
    public string? RootsFile { get; set; }

    /// <summary>Whether it may have a private or loopback address. <c>Acme:AllowNets</c> and <c>Acme:DenyNets</c> count as well.</summary>
    public bool AllowPrivateAddresses { get; set; }

    /// <summary>For one answer.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:01:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>People whom the nightly comparison removes there by itself; of more, none is removed until an administrator has looked.</summary>
    [Range(0, 10_000)]
    public int MaxRemovals { get; set; } = 20;

    public bool IsConfigured => !string.IsNullOrWhiteSpace(Url);
}
