using StarPortal.Core.Shared;

namespace StarPortal.Core.Delegation;

public enum DelegationState
{
    Active,

    /// <summary>No new requests; what runs goes on.</summary>
    Paused,

    /// <summary>For good (RFC 9115 7.2: the delegation object is removed).</summary>
    Ended,
}

public enum DelegationApproval
{
    Automatic,

    /// <summary>Each registration waits for a person.</summary>
    Person,
}

/// <summary>An owner's word that a consumer may hold certificates for these names, of this shape, for so long (RFC 9115 2.3.1.3).</summary>
public sealed class NameDelegation
{
    private NameDelegation()
    {
    }

    /// <summary>Random: it is a part of the URL that a consumer's order names.</summary>
    public Guid Id { get; private set; } = SecureTokens.NewId();

    public Guid OwnerId { get; private set; }

    /// <summary>Null: anybody may ask, and a person approves.</summary>
    public Guid? ConsumerId { get; private set; }

    public DelegationState State { get; private set; }

    /// <summary>Lower-case A-labels, perhaps with <c>*.</c> before; one a line.</summary>
    public string Names { get; private set; } = "";

    /// <summary>The CSR template (RFC 9115 4), JSON.</summary>
    public string Template { get; private set; } = "";

    /// <summary>Where each name is to point (RFC 9115 2.3.1.3), <c>name target</c> a line, without trailing dots; empty: not said.</summary>
    public string CnameMap { get; private set; } = "";

    /// <summary>Days that one order may last.</summary>
    public int MaxLifetime { get; private set; }

    /// <summary>Hours that one certificate may be valid.</summary>
    public int MaxValidity { get; private set; }

    /// <summary>Name of the CA that certificates come from.</summary>
    public string Upstream { get; private set; } = "";

    public DelegationApproval Approval { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }

    public DateTimeOffset? EndedAt { get; private set; }

    public IReadOnlyList<string> NameList => Names.Split('\n');

    public IReadOnlyList<(string Name, string Target)> CnameList =>
        [.. CnameMap.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ')).Select(parts => (parts[0], parts[1]))];

    public static NameDelegation Create(DelegationTerms terms, Guid ownerId, Guid? consumerId, DateTimeOffset now)
    {
        var delegation = new NameDelegation { OwnerId = ownerId, ConsumerId = consumerId, CreatedAt = now };
        delegation.Change(terms);
        return delegation;
    }

    /// <summary>Concerns what is asked from now on; what runs goes on as it was agreed.</summary>
    /// <exception cref="ServiceException">Conflict: it has ended.</exception>
    public void Change(DelegationTerms terms)
    {
        RequireNotEnded();
        Names = string.Join('\n', terms.Names);
        CnameMap = string.Join('\n', terms.CnameMap.Select(entry => $"{entry.Name} {entry.Target}"));
        (Template, MaxLifetime, MaxValidity, Upstream, Approval) = (terms.Template, terms.MaxLifetime, terms.MaxValidity, terms.Upstream, terms.Approval);
    }

    /// <exception cref="ServiceException">Conflict: it has ended.</exception>
    public void Pause()
    {
        RequireNotEnded();
        State = DelegationState.Paused;
    }

    /// <exception cref="ServiceException">Conflict: it has ended.</exception>
    public void Resume()
    {
        RequireNotEnded();
        State = DelegationState.Active;
    }

    /// <exception cref="ServiceException">Conflict: it has ended already.</exception>
    public void End(DateTimeOffset now)
    {
        RequireNotEnded();
        (State, EndedAt) = (DelegationState.Ended, now);
    }

    private void RequireNotEnded()
    {
        if (State is DelegationState.Ended) throw DelegationErrors.Ended();
    }
}

/// <summary>What an owner agrees to, well-formed.</summary>
/// <param name="Names">As <see cref="NameDelegation.Names"/>.</param>
/// <param name="Template">JSON.</param>
/// <param name="MaxLifetime">Days.</param>
/// <param name="MaxValidity">Hours.</param>
/// <param name="Upstream">Name of a CA.</param>
public sealed record DelegationTerms(IReadOnlyList<string> Names, string Template, int MaxLifetime, int MaxValidity, string Upstream, DelegationApproval Approval)
{
    public IReadOnlyList<(string Name, string Target)> CnameMap { get; init; } = [];
}
