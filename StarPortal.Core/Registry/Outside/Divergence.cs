using StarPortal.Core.Shared;

namespace StarPortal.Core.Registry;

public enum DivergenceKind
{
    /// <summary>Here and not there.</summary>
    Missing,
    Different,

    /// <summary>There and not here.</summary>
    Unknown,
}

/// <summary>A person about whom the two registries do not say the same; of the latest comparison only.</summary>
public sealed class Divergence
{
    private Divergence()
    {
    }

    public Guid Id { get; private set; } = SecureTokens.NewId();

    public Guid ReconciliationId { get; private set; }

    public DivergenceKind Kind { get; private set; }

    /// <summary>As <see cref="OutsideTelling.Person"/>.</summary>
    public string Person { get; private set; } = "";

    public string UserName { get; private set; } = "";

    public string Dn { get; private set; } = "";

    /// <summary>What is different, in words; empty otherwise.</summary>
    public string Detail { get; private set; } = "";

    internal static Divergence Missing(RegistryEntry entry) => Of(DivergenceKind.Missing, OutsideTelling.PersonOf(entry.UserId), entry.UserName, entry.Dn, "");

    /// <returns>Null: they say the same.</returns>
    internal static Divergence? Between(RegistryEntry entry, OutsidePerson there)
    {
        var state = OutsideTelling.NameOf(entry.State);
        List<string> differences = [];
        if (there.User != entry.UserName) differences.Add($"user name there: {there.User}");
        if (there.Dn != entry.Dn) differences.Add($"DN there: {there.Dn}");
        if (there.State != state) differences.Add($"there {there.State}, here {state}");
        return differences.Count == 0 ? null : Of(DivergenceKind.Different, there.Person, entry.UserName, entry.Dn, string.Join("; ", differences));
    }

    internal static Divergence Unknown(OutsidePerson there) => Of(DivergenceKind.Unknown, there.Person, there.User, there.Dn, there.State);

    internal void BelongTo(Reconciliation reconciliation) => ReconciliationId = reconciliation.Id;

    internal OutsidePerson There() => new(Person, UserName, Dn, Detail);

    private static Divergence Of(DivergenceKind kind, string person, string userName, string dn, string detail) =>
        new() { Kind = kind, Person = person, UserName = Short(userName, 256), Dn = Short(dn, RegistryEntry.MaxDn), Detail = Short(detail, 1_000) };

    private static string Short(string text, int length) => text.Length <= length ? text : text[..length];
}
