using StarPortal.Core.Shared;

namespace StarPortal.Core.Acme;

/// <summary>A domain and everything below it, claimed by somebody and approved by an officer or administrator.</summary>
public sealed class AcmeNamespace
{
    private AcmeNamespace()
    {
    }

    public Guid Id { get; private set; } = SecureTokens.NewId();

    /// <summary>Lower-case A-labels without a leading dot: <c>example.org</c>.</summary>
    public string Suffix { get; private set; } = "";

    public NamespaceChallenge Challenge { get; private set; }

    /// <summary>Whose ACME accounts it is for; null: everybody's.</summary>
    public Guid? OwnerId { get; private set; }

    public Guid? OrganisationId { get; private set; }

    public AcmeNamespaceState State { get; private set; }

    /// <summary>What the claimant said, for who decides.</summary>
    public string Reason { get; private set; } = "";

    /// <summary>What who decided said.</summary>
    public string Note { get; private set; } = "";

    public DateTimeOffset AskedAt { get; private set; }

    public Guid? DecidedBy { get; private set; }

    public DateTimeOffset? DecidedAt { get; private set; }

    /// <summary>Where the TXT record goes that proves the claim.</summary>
    public string ProofName => $"_starportal-namespace.{Suffix}";

    /// <summary>What the record says: this claim and no other, which only who holds the zone can write there.</summary>
    public string ProofText => $"claim={Id:N}";

    public static AcmeNamespace Ask(string suffix, NamespaceChallenge challenge, Guid? ownerId, Guid? organisationId, string reason, DateTimeOffset now) => new()
    {
        Suffix = suffix, Challenge = challenge, OwnerId = ownerId, OrganisationId = organisationId, Reason = Shorten(reason), AskedAt = now,
    };

    /// <exception cref="ServiceException">Conflict: decided already. Forbidden: one's own claim.</exception>
    public void Approve(NamespaceChallenge challenge, string note, Actor officer, DateTimeOffset now)
    {
        if (officer.Id is { } id && id == OwnerId && !officer.IsAdministrator) throw NamespaceErrors.OwnClaim();
        Decide(AcmeNamespaceState.Asked, AcmeNamespaceState.Approved, note, officer, now);
        Challenge = challenge;
    }

    /// <summary>Its owner has shown control of the zone by a TXT record that <see cref="ProofText"/> names. Challenges stay required: only an officer waives them.</summary>
    /// <exception cref="ServiceException">Conflict: decided already.</exception>
    public void Prove(Actor owner, DateTimeOffset now)
    {
        Decide(AcmeNamespaceState.Asked, AcmeNamespaceState.Approved, $"Proven by the TXT record of {ProofName}.", owner, now);
        Challenge = NamespaceChallenge.Required;
    }

    /// <exception cref="ServiceException">Conflict: decided already.</exception>
    public void Refuse(string note, Actor officer, DateTimeOffset now) => Decide(AcmeNamespaceState.Asked, AcmeNamespaceState.Refused, note, officer, now);

    /// <exception cref="ServiceException">Conflict: not in force.</exception>
    public void Withdraw(string note, Actor officer, DateTimeOffset now) => Decide(AcmeNamespaceState.Approved, AcmeNamespaceState.Withdrawn, note, officer, now);

    /// <summary>Its owner takes the claim back before a decision.</summary>
    /// <exception cref="ServiceException">Conflict: decided already.</exception>
    public void Retract(Actor owner, DateTimeOffset now) =>
        Decide(AcmeNamespaceState.Asked, AcmeNamespaceState.Withdrawn, "Taken back by its owner before a decision.", owner, now);

    /// <summary>Its owner no longer wants it.</summary>
    /// <exception cref="ServiceException">Conflict: not in force.</exception>
    public void GiveUp(Actor owner, DateTimeOffset now) => Decide(AcmeNamespaceState.Approved, AcmeNamespaceState.Withdrawn, "Given up by its owner.", owner, now);

    /// <summary>Nobody answers for it any more, decided on or not.</summary>
    /// <exception cref="ServiceException">Conflict: over already.</exception>
    public void EndWithOwner(string note, Actor actor, DateTimeOffset now) =>
        Decide(State is AcmeNamespaceState.Asked ? AcmeNamespaceState.Asked : AcmeNamespaceState.Approved, AcmeNamespaceState.Withdrawn, note, actor, now);

    /// <param name="identifier">A name, perhaps with <c>*.</c> before it.</param>
    public bool Holds(string identifier) =>
        (identifier.StartsWith("*.", StringComparison.Ordinal) ? identifier[2..] : identifier) is var name && (name == Suffix || name.EndsWith($".{Suffix}", StringComparison.Ordinal));

    private void Decide(AcmeNamespaceState from, AcmeNamespaceState to, string note, Actor officer, DateTimeOffset now)
    {
        if (State != from) throw NamespaceErrors.AlreadyDecided(State);
        (State, Note, DecidedBy, DecidedAt) = (to, Shorten(note), officer.Id, now);
    }

    private static string Shorten(string text) => text.Length > 500 ? text[..500] : text;
}
