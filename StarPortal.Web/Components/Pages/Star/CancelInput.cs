namespace StarPortal.Web.Components.Pages.Star;

/// <summary>Why an order is canceled.</summary>
public sealed class CancelInput
{
    public string? Reason { get; set; }
}
