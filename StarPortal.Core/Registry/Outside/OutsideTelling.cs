using StarPortal.Core.Data;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Registry;

public enum OutsideVerb
{
    Add,
    Update,
    Remove,
}

/// <summary>Outbox payload of kind <c>registry</c>, and the body that the outside registry gets: how an entry is after a change.</summary>
/// <param name="Verb"><c>add</c>, <c>update</c> or <c>remuser</c>.</param>
/// <param name="Person">The person's id here, 32 hex digits; for somebody whom only the outside registry knows, what it calls them.</param>
/// <param name="State"><c>active</c>, <c>suspended</c> or <c>removed</c>.</param>
/// <param name="Since">When that began.</param>
/// <param name="Revision">Grows with each change of a person; 0 where nobody here is meant.</param>
internal sealed record OutsideTelling(string Verb, string Person, string User, string Dn, string Name, string Email, string State, DateTimeOffset Since, int Revision)
{
    public const string Kind = "registry";

    /// <summary>Characters of <see cref="Person"/>.</summary>
    public const int MaxPerson = 64;

    public static OutboxItem For(OutsideVerb verb, RegistryEntry entry, DateTimeOffset now) => OutboxItem.For(Kind, KeyOf(PersonOf(entry.UserId), entry.Revision), new OutsideTelling(
        NameOf(verb), PersonOf(entry.UserId), entry.UserName, entry.Dn, entry.FullName, entry.Email, NameOf(entry.State), entry.Since, entry.Revision), now);

    /// <summary>Somebody who is not here.</summary>
    public static OutboxItem Removing(OutsidePerson unknown, DateTimeOffset now) => OutboxItem.For(
        Kind, $"{unknown.Person}:r{now:yyyyMMddHHmmss}", new OutsideTelling(NameOf(OutsideVerb.Remove), unknown.Person, unknown.User, unknown.Dn, "", "", NameOf(RegistryEntryState.Removed), now, 0), now);

    public static string PersonOf(Guid userId) => $"{userId:N}";

    /// <summary>Keys of one person sort as what happened did.</summary>
    public static string KeyOf(string person, int revision) => $"{person}:{revision:D10}";

    public static string PrefixOf(string key) => key[..(key.LastIndexOf(':') + 1)];

    public static string NameOf(OutsideVerb verb) => verb switch
    {
        OutsideVerb.Add => "add",
        OutsideVerb.Update => "update",
        OutsideVerb.Remove => "remuser",
    };

    public static string NameOf(RegistryEntryState state) => state switch
    {
        RegistryEntryState.Active => "active",
        RegistryEntryState.Suspended => "suspended",
        RegistryEntryState.Removed => "removed",
    };

    public static OutsideVerb VerbOf(string name) => Array.Find(Enum.GetValues<OutsideVerb>(), verb => NameOf(verb) == name);

    public static ServiceException Away(string detail) => new(ErrorKind.Unavailable, $"{AwayWords}: {detail}");

    public static ServiceException Waits(TimeSpan wait) => new(ErrorKind.TooMany, WaitWords) { RetryAfter = wait };

    /// <summary>What failures begin with that are over as soon as it takes anything.</summary>
    public const string AwayWords = "The outside registry does not serve";

    public const string WaitWords = "An earlier change of the same person goes first.";
}
