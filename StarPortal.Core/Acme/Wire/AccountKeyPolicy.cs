using StarPortal.Core.Authority;

namespace StarPortal.Core.Acme;

/// <summary>Which keys may sign requests: those that could be certified, by the same judge.</summary>
public sealed class AccountKeyPolicy(KeyInspector inspector)
{
    private static readonly IssuanceProfile Profile = new() { Name = "acme-account", KeyPolicy = new KeyPolicy() };

    /// <exception cref="AcmeException">badPublicKey, with the reason (RFC 8555 6.2).</exception>
    public void Require(AcmeJwk key)
    {
        foreach (var finding in inspector.Inspect(key.Facts, Profile))
            if (finding.Severity is FindingSeverity.Block) throw AcmeErrors.BadKey(finding.Message);
    }
}
