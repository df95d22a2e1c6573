using System.ComponentModel.DataAnnotations;

namespace StarPortal.Core.MyProxy;

/// <summary>Section <c>MyProxy</c>.</summary>
public sealed class MyProxyOptions
{
    public const string Section = "MyProxy";

    /// <summary>A directory of other CAs to trust, as grid tools keep it: <c>hash.0</c>, <c>hash.signing_policy</c> and, if they have one, <c>hash.r0</c>. Read again when it changes.</summary>
    [MaxLength(4096)]
    public string? TrustDirectory { get; set; }
}
