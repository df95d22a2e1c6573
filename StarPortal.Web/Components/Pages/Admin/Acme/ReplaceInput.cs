namespace StarPortal.Web.Components.Pages.Admin.Acme;

/// <summary>What is said when certificates are to be replaced early.</summary>
public sealed class ReplaceInput
{
    public string? Reason { get; set; }

    public string? ExplanationUrl { get; set; }
}
