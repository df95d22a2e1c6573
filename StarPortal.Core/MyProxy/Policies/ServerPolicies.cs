using Microsoft.Extensions.Options;
using StarPortal.Core.Authority;
using StarPortal.Core.Shared;

namespace StarPortal.Core.MyProxy;

/// <summary>
/// Who may do what: the server's list has to fit, and then the credential's own pattern, or where it has none the server's default list. What is refused is said in the
/// genuine server's words.
/// </summary>
public sealed class ServerPolicies(IOptions<MyProxyOptions> options, IOptions<AuthorityOptions> authority)
{
    private static readonly string[] Everybody = ["*"];

    private readonly MyProxyPolicyOptions policies = options.Value.Policies;

    /// <summary>For PUT, STORE and DESTROY.</summary>
    /// <exception cref="ServiceException">Forbidden.</exception>
    public void RequireAccepted(MyProxyClient client)
    {
        if (client.Subject is null || !Fits(policies.AcceptedCredentials ?? OwnNames(), client)) throw MyProxyErrors.NotAccepted(client);
    }

    /// <summary>For GET_TRUSTROOTS: the server's list alone.</summary>
    /// <exception cref="ServiceException">Forbidden.</exception>
    public void RequireRetriever(MyProxyClient client)
    {
        if (!Fits(policies.AuthorizedRetrievers ?? Everybody, client)) throw MyProxyErrors.NotAuthorized(client, "server's", "authorized_retrievers");
    }

    /// <summary>For GET and RETRIEVE with a passphrase.</summary>
    /// <exception cref="ServiceException">Forbidden.</exception>
    public void RequireRetriever(MyProxyClient client, CredentialPolicies credential)
    {
        RequireRetriever(client);
        RequireByCredential(client, credential.Retrievers, policies.DefaultRetrievers ?? Everybody, "authorized_retrievers");
    }

    /// <summary>For RETRIEVE, besides what GET needs: the server's list alone.</summary>
    /// <exception cref="ServiceException">Forbidden.</exception>
    public void RequireKeyRetriever(MyProxyClient client)
    {
        if (!Fits(policies.AuthorizedKeyRetrievers ?? [], client)) throw MyProxyErrors.NotAuthorized(client, "server's", "authorized_key_retrievers");
    }

    /// <summary>For RETRIEVE, besides what GET needs.</summary>
    /// <exception cref="ServiceException">Forbidden.</exception>
    public void RequireKeyRetriever(MyProxyClient client, CredentialPolicies credential)
    {
        RequireKeyRetriever(client);
        RequireByCredential(client, credential.KeyRetrievers, policies.DefaultKeyRetrievers ?? [], "authorized_key_retrievers");
    }

    /// <summary>Whether the client may log on without a passphrase to a credential that has none.</summary>
    /// <param name="client">Without a certificate it never may.</param>
    /// <param name="credential">What the credential says.</param>
    /// <param name="subject">The name in the credential.</param>
    public bool IsTrusted(MyProxyClient client, CredentialPolicies credential, string subject) =>
        IsNamed(client, policies.TrustedRetrievers, credential.TrustedRetrievers, policies.DefaultTrustedRetrievers) && MayBe(client, subject);

    /// <summary>As above, for a client that proves besides that it holds a proxy of that name.</summary>
    public bool IsRenewer(MyProxyClient client, CredentialPolicies credential, string subject) =>
        IsNamed(client, policies.AuthorizedRenewers, credential.Renewers, policies.DefaultRenewers) && MayBe(client, subject);

    /// <summary>Whether one of the above would hold, if only the client were not the very name in the credential.</summary>
    public bool IsRefusedAsItself(MyProxyClient client, CredentialPolicies credential, string subject) =>
        !MayBe(client, subject)
        && (IsNamed(client, policies.TrustedRetrievers, credential.TrustedRetrievers, policies.DefaultTrustedRetrievers) || IsNamed(client, policies.AuthorizedRenewers, credential.Renewers, policies.DefaultRenewers));

    /// <summary>All of them as they are in force, defaults filled in.</summary>
    public IReadOnlyList<PolicyInForce> List() =>
    [
        new("accepted_credentials", "may store credentials, and remove their own", policies.AcceptedCredentials ?? OwnNames()),
        new("authorized_retrievers", "may log on with the passphrase", policies.AuthorizedRetrievers ?? Everybody),
        new("default_retrievers", "the same, where the credential says nothing", policies.DefaultRetrievers ?? Everybody),
        new("authorized_renewers", "may log on for somebody whose proxy they hold", policies.AuthorizedRenewers ?? []),
        new("default_renewers", "the same, where the credential says nothing", policies.DefaultRenewers ?? []),
        new("authorized_key_retrievers", "may fetch the key itself", policies.AuthorizedKeyRetrievers ?? []),
        new("default_key_retrievers", "the same, where the credential says nothing", policies.DefaultKeyRetrievers ?? []),
        new("trusted_retrievers", "may log on without a passphrase", policies.TrustedRetrievers ?? []),
        new("default_trusted_retrievers", "the same, where the credential says nothing", policies.DefaultTrustedRetrievers ?? []),
    ];

    private static bool IsNamed(MyProxyClient client, string[]? server, string? credential, string[]? otherwise) =>
        client.Subject is not null && Fits(server ?? [], client) && (credential is null ? Fits(otherwise ?? [], client) : NamePattern.Parse(credential).Matches(client.Name));

    private bool MayBe(MyProxyClient client, string subject) => policies.AllowSelfAuthorization || !string.Equals(client.Subject, subject, StringComparison.OrdinalIgnoreCase);

    private static void RequireByCredential(MyProxyClient client, string? credential, string[] otherwise, string policy)
    {
        if (credential is not null && !NamePattern.Parse(credential).Matches(client.Name)) throw MyProxyErrors.NotAuthorized(client, "credential's", policy);
        if (credential is null && !Fits(otherwise, client)) throw MyProxyErrors.NotAuthorized(client, "server's default", policy);
    }

    private static bool Fits(string[] patterns, MyProxyClient client) => patterns.Any(pattern => NamePattern.Parse(pattern).Matches(client.Name));

    private string[] OwnNames() => [$"{NamePattern.Quote(DistinguishedName.Parse(authority.Value.BaseName).ToOneLine())}/*"];
}
