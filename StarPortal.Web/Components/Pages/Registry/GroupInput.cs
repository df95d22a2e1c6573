namespace StarPortal.Web.Components.Pages.Registry;

/// <summary>A group, or somebody for it, as a form posts it.</summary>
public sealed class GroupInput
{
    public string? Name { get; set; }

    public string? Description { get; set; }

    /// <summary>User name.</summary>
    public string? Person { get; set; }
}
