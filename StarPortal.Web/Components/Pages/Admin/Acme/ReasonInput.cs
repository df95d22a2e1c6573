namespace StarPortal.Web.Components.Pages.Admin.Acme;

/// <summary>A form that asks for nothing but the reason.</summary>
public sealed class ReasonInput
{
    public string? Reason { get; set; }
}
