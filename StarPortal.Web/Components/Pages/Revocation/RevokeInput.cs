using StarPortal.Core.Revocation;

namespace StarPortal.Web.Components.Pages.Revocation;

/// <summary>The form that revokes.</summary>
public sealed class RevokeInput
{
    public RevocationCause? Cause { get; set; }

    public string? Note { get; set; }
}
