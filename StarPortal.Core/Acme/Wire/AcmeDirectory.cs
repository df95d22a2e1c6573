namespace StarPortal.Core.Acme;

/// <summary>
/// One ACME directory of this portal. Each has accounts of its own: an account exists below the path where it was opened and nowhere else, whatever key it has.
/// Every directory registers one; <see cref="AcmeLinks"/> alone, as a service, are those of the CA's own directory.
/// </summary>
public sealed record AcmeDirectory(AcmeLinks Links);
