using System.Globalization;
using StarPortal.Core.Registry;
using StarPortal.Core.Shared;

namespace StarPortal.Web.Components.Pages.Registry;

/// <summary>What the forms of a resource post, each a part of it.</summary>
public sealed class AccessInput
{
    /// <summary>User name.</summary>
    public string? Person { get; set; }

    public Guid? Group { get; set; }

    public string? Account { get; set; }

    /// <summary>A day, <c>2026-12-31</c>: its end, UTC.</summary>
    public string? Until { get; set; }

    public string? Answer { get; set; }

    public string? Reason { get; set; }

    public string? Label { get; set; }

    /// <summary>User name of an owner.</summary>
    public string? Owner { get; set; }

    /// <exception cref="ServiceException">Invalid beside Until.</exception>
    public PermissionTerms ToTerms() => new(Account, ReadUntil());

    private DateTimeOffset? ReadUntil()
    {
        if (string.IsNullOrWhiteSpace(Until)) return null;
        return DateOnly.TryParseExact(Until, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day < DateOnly.MaxValue
            ? new DateTimeOffset(day.AddDays(1), TimeOnly.MinValue, TimeSpan.Zero)
            : throw new ServiceException(ErrorKind.Invalid, "Give a day as 2026-12-31.", nameof(Until));
    }
}
