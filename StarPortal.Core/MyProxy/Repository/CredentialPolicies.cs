namespace StarPortal.Core.MyProxy;

/// <summary>Who may do what with one credential: patterns of names; null: the server's default list decides.</summary>
/// <param name="Retrievers">May log on with the passphrase (<c>RETRIEVER</c>).</param>
/// <param name="KeyRetrievers">May fetch the key itself (<c>KEYRETRIEVERS</c>).</param>
/// <param name="TrustedRetrievers">May log on without the passphrase (<c>RETRIEVER_TRUSTED</c>).</param>
/// <param name="Renewers">May log on for somebody whose proxy they hold (<c>RENEWER</c>).</param>
public sealed record CredentialPolicies(string? Retrievers, string? KeyRetrievers, string? TrustedRetrievers, string? Renewers)
{
    public static readonly CredentialPolicies None = new(null, null, null, null);
}
