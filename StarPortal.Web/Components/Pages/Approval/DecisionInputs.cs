using StarPortal.Core.Enrollment;

namespace StarPortal.Web.Components.Pages.Approval;

/// <summary>The form that rejects.</summary>
public sealed class RejectInput
{
    public RejectionCode? Code { get; set; }

    public string? Text { get; set; }
}

/// <summary>The form that asks.</summary>
public sealed class HoldInput
{
    public string? Question { get; set; }
}
