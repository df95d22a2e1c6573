namespace StarPortal.Core.Authority;

/// <summary>How one of our CAs stands.</summary>
/// <param name="Name">root, people or servers.</param>
/// <param name="CanSign">Whether its key can be used; the root's is not opened for a check.</param>
/// <param name="IsRsa">Whether what it signs is signed with RSA.</param>
/// <param name="NotAfter">When its certificate ends.</param>
/// <param name="CrlIssuedAt">When its newest CRL was signed; null when there is none.</param>
/// <param name="CrlValidUntil">When clients stop believing that CRL.</param>
public sealed record IssuerState(string Name, bool CanSign, bool IsRsa, DateTimeOffset NotAfter, DateTimeOffset? CrlIssuedAt, DateTimeOffset? CrlValidUntil);

/// <summary>Whether the CAs can do their work, for health checks, metrics and the status page.</summary>
public sealed class AuthorityProbe(Issuers issuers, CrlShelf crls)
{
    public async Task<IReadOnlyList<IssuerState>> ReadAsync(CancellationToken ct)
    {
        List<IssuerState> states = [];
        foreach (var issuer in issuers.All)
        {
            var crl = await crls.FindAsync(issuer.Name, ct);
            states.Add(new(issuer.Name, CanSign(issuer), IsRsa(issuer), issuer.NotAfter, crl?.ThisUpdate, crl?.NextUpdate));
        }

        return states;
    }

    private static bool IsRsa(Issuer issuer) => issuer.Certificate.PublicKey.Oid.Value is "1.2.840.113549.1.1.1"; // RFC 8017 A.1: rsaEncryption

    /// <summary>A signature over nothing in particular, with the keys that are in memory anyway.</summary>
    private static bool CanSign(Issuer issuer) => issuer.Name == Issuers.Root || issuer.Sign(key => key.Sign([0x30, 0x00]).Length > 0);
}
