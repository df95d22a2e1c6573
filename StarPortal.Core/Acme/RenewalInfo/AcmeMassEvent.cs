using StarPortal.Core.Shared;

namespace StarPortal.Core.Acme;

/// <summary>A reason to have many certificates replaced early: those issued in a time, perhaps of one profile or below one domain.</summary>
public sealed class AcmeMassEvent
{
    private AcmeMassEvent()
    {
    }

    public Guid Id { get; private set; } = SecureTokens.NewId();

    public DateTimeOffset IssuedFrom { get; private set; }

    public DateTimeOffset IssuedBefore { get; private set; }

    /// <summary>Null: of every profile.</summary>
    public string? Profile { get; private set; }

    /// <summary>Null: whatever their names.</summary>
    public string? Suffix { get; private set; }

    /// <summary>Null: of every account.</summary>
    public Guid? AccountId { get; private set; }

    /// <summary>Clients renew at an instant of their choice between this and <see cref="EndsAt"/>.</summary>
    public DateTimeOffset StartsAt { get; private set; }

    public DateTimeOffset EndsAt { get; private set; }

    public string? ExplanationUrl { get; private set; }

    public string Reason { get; private set; } = "";

    public string DeclaredBy { get; private set; } = "";

    public DateTimeOffset DeclaredAt { get; private set; }

    /// <summary>When it was called off; null: it counts.</summary>
    public DateTimeOffset? EndedAt { get; private set; }

    public static AcmeMassEvent Declare(MassEventScope scope, TimeSpan within, string? explanationUrl, string reason, Actor actor, DateTimeOffset now) => new()
    {
        IssuedFrom = scope.IssuedFrom, IssuedBefore = scope.IssuedBefore, Profile = scope.Profile, Suffix = scope.Domain,
        AccountId = scope.AccountId, StartsAt = now, EndsAt = now + within, ExplanationUrl = explanationUrl, Reason = reason.Length > 500 ? reason[..500] : reason, DeclaredBy = actor.Name, DeclaredAt = now,
    };

    /// <exception cref="ServiceException">Conflict: called off already.</exception>
    public void End(DateTimeOffset now)
    {
        if (EndedAt is not null) throw new ServiceException(ErrorKind.Conflict, "This event has been called off already.");
        EndedAt = now;
    }

    /// <summary>Whose account it is of is asked elsewhere.</summary>
    /// <param name="names">As the inventory has them: <c>DNS:www.example.org</c>.</param>
    public bool Concerns(DateTimeOffset issuedAt, string profile, IEnumerable<string> names) =>
        EndedAt is null && IssuedFrom <= issuedAt && issuedAt < IssuedBefore && (Profile is null || Profile == profile)
        && (Suffix is null || AreBelow(Suffix, names));

    internal static bool AreBelow(string domain, IEnumerable<string> names) =>
        names.Any(name => name == $"DNS:{domain}" || name.EndsWith($".{domain}", StringComparison.Ordinal));
}

/// <summary>Which certificates an event concerns.</summary>
public sealed record MassEventScope(DateTimeOffset IssuedFrom, DateTimeOffset IssuedBefore, string? Profile = null, string? Suffix = null, Guid? AccountId = null)
{
    /// <summary><see cref="Suffix"/> as names have it; null: whatever their names.</summary>
    public string? Domain => Suffix?.Trim().TrimStart('*').TrimStart('.').ToLowerInvariant() is { Length: > 0 } domain ? domain : null;
}
