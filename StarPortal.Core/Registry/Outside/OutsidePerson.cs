namespace StarPortal.Core.Registry;

/// <summary>A person as the outside registry lists them; the words of <see cref="OutsideTelling"/>.</summary>
internal sealed record OutsidePerson(string Person, string User, string Dn, string State);
