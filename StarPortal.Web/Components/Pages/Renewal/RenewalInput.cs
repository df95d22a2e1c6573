using StarPortal.Core.Renewal;

namespace StarPortal.Web.Components.Pages.Renewal;

/// <summary>The form that renews.</summary>
public sealed class RenewalInput
{
    public string? Passphrase { get; set; }

    public string? Email { get; set; }

    public string? Phone { get; set; }

    public string? OrganisationId { get; set; }

    public string? SigningRequest { get; set; }

    public RenewalForm ToForm() => new()
    {
        Passphrase = Passphrase,
        Email = Email,
        Phone = Phone,
        OrganisationId = Guid.TryParse(OrganisationId, out var organisation) ? organisation : null,
        SigningRequest = SigningRequest,
    };
}
