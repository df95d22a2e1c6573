using StarPortal.Core.Acme;

namespace StarPortal.Web.Components.Pages.Admin.Acme;

/// <summary>A decision on a claim to a domain.</summary>
public sealed class DecisionInput
{
    public string? Challenge { get; set; }

    public string? Note { get; set; }

    /// <summary>Anything but the choice itself leaves challenges required.</summary>
    internal NamespaceChallenge Allowed => Challenge == nameof(NamespaceChallenge.Waived) ? NamespaceChallenge.Waived : NamespaceChallenge.Required;
}
