using StarPortal.Core.Shared;

namespace StarPortal.Core.Registry;

/// <summary>What a nightly comparison with the outside registry found.</summary>
public sealed class Reconciliation
{
    private Reconciliation()
    {
    }

    public Guid Id { get; private set; } = SecureTokens.NewId();

    public DateTimeOffset At { get; private set; }

    /// <summary>People here.</summary>
    public int Here { get; private set; }

    /// <summary>People there.</summary>
    public int There { get; private set; }

    /// <summary>Here and not there.</summary>
    public int Missing { get; private set; }

    /// <summary>There under another name, DN or state.</summary>
    public int Different { get; private set; }

    /// <summary>There and not here.</summary>
    public int Unknown { get; private set; }

    /// <summary>Whether those who are unknown stay until an administrator has looked.</summary>
    public bool IsHeld { get; private set; }

    /// <summary>User name of who let them be removed.</summary>
    public string? ApprovedBy { get; private set; }

    public int Total => Missing + Different + Unknown;

    internal static Reconciliation Of(int here, int there, IReadOnlyList<Divergence> found, int maxRemovals, DateTimeOffset now)
    {
        var unknown = found.Count(divergence => divergence.Kind is DivergenceKind.Unknown);
        return new()
        {
            At = now, Here = here, There = there, Unknown = unknown, IsHeld = unknown > maxRemovals,
            Missing = found.Count(divergence => divergence.Kind is DivergenceKind.Missing), Different = found.Count(divergence => divergence.Kind is DivergenceKind.Different),
        };
    }

    /// <exception cref="ServiceException">Conflict: nothing is held.</exception>
    internal void Approve(Actor actor)
    {
        if (!IsHeld) throw RegistryErrors.NothingHeld();
        (IsHeld, ApprovedBy) = (false, actor.Name);
    }
}
