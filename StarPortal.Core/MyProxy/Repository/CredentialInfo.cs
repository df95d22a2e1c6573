namespace StarPortal.Core.MyProxy;

/// <summary>What INFO tells of one credential.</summary>
/// <param name="Name">Empty: the unnamed one.</param>
/// <param name="NotBefore">The latest notBefore in the chain.</param>
/// <param name="NotAfter">The earliest notAfter in the chain.</param>
/// <param name="Owner">One-line name of whoever put it there.</param>
/// <param name="LockMessage">Null when it is not locked.</param>
public sealed record CredentialInfo(
    string Name, string? Description, DateTimeOffset NotBefore, DateTimeOffset NotAfter, string Owner, CredentialPolicies Policies, string? LockMessage);
