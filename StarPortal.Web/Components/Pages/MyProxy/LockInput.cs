namespace StarPortal.Web.Components.Pages.MyProxy;

/// <summary>The form that locks a stored credential.</summary>
public sealed class LockInput
{
    public string? Message { get; set; }
}
