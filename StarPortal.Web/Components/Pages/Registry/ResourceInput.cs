using StarPortal.Core.Registry;

namespace StarPortal.Web.Components.Pages.Registry;

/// <summary>A resource as an administrator's form posts it.</summary>
public sealed class ResourceInput
{
    public string? Name { get; set; }

    public string? Description { get; set; }

    public bool HasGridMapfile { get; set; }

    public string? SharedAccount { get; set; }

    /// <summary>User name of the first owner.</summary>
    public string? Owner { get; set; }

    public static ResourceInput Of(RegistryResource resource) =>
        new() { Name = resource.Name, Description = resource.Description, HasGridMapfile = resource.HasGridMapfile, SharedAccount = resource.SharedAccount };

    public ResourceTerms ToTerms() => new(Name ?? "", Description ?? "", HasGridMapfile, SharedAccount);
}
