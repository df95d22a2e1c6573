namespace StarPortal.Web.Components.Pages.Admin.Organisations;

public sealed class OrganisationInput
{
    public string? Name { get; set; }

    /// <summary>One on a line.</summary>
    public string? EmailDomains { get; set; }

    public bool IsOpen { get; set; }

    internal static string[] Domains(OrganisationInput? input) =>
        (input?.EmailDomains ?? "").Split(['\r', '\n', ',', ';', ' '], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
