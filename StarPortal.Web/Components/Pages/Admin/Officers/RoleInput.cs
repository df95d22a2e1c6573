using System.Globalization;
using StarPortal.Core.Identity;
using StarPortal.Core.Shared;

namespace StarPortal.Web.Components.Pages.Admin.Officers;

/// <summary>A role to give, as a form posts it; with the fields of a new person when there is none yet.</summary>
public sealed class RoleInput
{
    public string? UserName { get; set; }

    public string? FullName { get; set; }

    public string? Email { get; set; }

    public string? Role { get; set; }

    public string? OrganisationId { get; set; }

    public bool IsDeputy { get; set; }

    /// <summary>ISO dates, as date fields post them.</summary>
    public string? StartsOn { get; set; }

    public string? EndsOn { get; set; }

    internal static IReadOnlyList<Shared.SelectOption> Roles { get; } =
    [
        new(nameof(PortalRole.Officer), "Officer: decides about requests"),
        new(nameof(PortalRole.Administrator), "Administrator: organisations, roles, accounts"),
        new(nameof(PortalRole.Auditor), "Auditor: reads the audit log"),
        new(nameof(PortalRole.Owner), "Owner: delegates domain names"),
    ];

    /// <exception cref="ServiceException">Invalid, beside a field.</exception>
    internal RoleOffer ToOffer() => new()
    {
        Role = Enum.TryParse<PortalRole>(Role, out var role) && Enum.IsDefined(role) && role is not PortalRole.Subscriber
            ? role
            : throw new ServiceException(ErrorKind.Invalid, "Choose a role.", nameof(Role)),
        OrganisationId = Guid.TryParse(OrganisationId, out var organisationId) ? organisationId : null,
        IsDeputy = IsDeputy,
        StartsAt = DateOf(StartsOn, nameof(StartsOn)),
        EndsAt = DateOf(EndsOn, nameof(EndsOn))?.AddDays(1),
    };

    private static DateTimeOffset? DateOf(string? text, string field) =>
        string.IsNullOrWhiteSpace(text) ? null
        : DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
            ? new DateTimeOffset(date, TimeOnly.MinValue, TimeSpan.Zero)
            : throw new ServiceException(ErrorKind.Invalid, "Write the date like 2027-01-31.", field);
}
