using System.Globalization;
using StarPortal.Core.Acme;
using StarPortal.Core.Shared;

namespace StarPortal.Web.Components.Pages.Acme;

/// <summary>A credential to make, as a form posts it; properties are named as the service names what it refuses.</summary>
public sealed class KeyInput
{
    public string? Label { get; set; }

    /// <summary>A user name.</summary>
    public string? Owner { get; set; }

    public string? OrganisationId { get; set; }

    /// <summary>One on a line.</summary>
    public string? AllowedIdentifiers { get; set; }

    public bool WaivesChallenges { get; set; }

    public string? Profile { get; set; }

    /// <summary>The last day, as date fields post it.</summary>
    public string? ExpiresAt { get; set; }

    public string? MaxUses { get; set; }

    /// <exception cref="ServiceException">Invalid, beside a field.</exception>
    internal NewExternalAccountKey ToWish(Guid ownerId) => new(Label ?? "", ownerId)
    {
        OrganisationId = Guid.TryParse(OrganisationId, out var organisation) ? organisation : null,
        AllowedIdentifiers = (AllowedIdentifiers ?? "").Split(['\r', '\n', ',', ';', ' '], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
        WaivesChallenges = WaivesChallenges,
        Profile = string.IsNullOrEmpty(Profile) ? null : Profile,
        ExpiresAt = ReadDay(ExpiresAt),
        MaxUses = ReadCount(MaxUses),
    };

    private static DateTimeOffset? ReadDay(string? text) =>
        string.IsNullOrWhiteSpace(text) ? null
        : DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day < DateOnly.MaxValue
            ? new DateTimeOffset(day.AddDays(1), TimeOnly.MinValue, TimeSpan.Zero)
            : throw new ServiceException(ErrorKind.Invalid, "Write the date like 2027-01-31.", nameof(ExpiresAt));

    private static int? ReadCount(string? text) =>
        string.IsNullOrWhiteSpace(text) ? null
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            ? count
            : throw new ServiceException(ErrorKind.Invalid, "Write a whole number.", nameof(MaxUses));
}
