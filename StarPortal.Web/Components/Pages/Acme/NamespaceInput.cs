using StarPortal.Core.Acme;

namespace StarPortal.Web.Components.Pages.Acme;

/// <summary>A claim to a domain, or an administrator's grant of one.</summary>
public sealed class NamespaceInput
{
    public string? Suffix { get; set; }

    public bool WithoutChallenges { get; set; }

    public string? Reason { get; set; }

    /// <summary>A user name; for grants.</summary>
    public string? Owner { get; set; }

    internal NamespaceChallenge Challenge => WithoutChallenges ? NamespaceChallenge.Waived : NamespaceChallenge.Required;
}
