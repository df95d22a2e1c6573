using StarPortal.Core.Acme;
using StarPortal.Core.Authority;
using StarPortal.Core.Data;

namespace StarPortal.Core.Delegation;

/// <summary>
/// Everything that is asked of a consumer's CSR before a CA sees it: the template (RFC 9115 4), the delegated names as they are now, and what is asked of any
/// key that is certified here. Nothing goes on that did not pass.
/// </summary>
public sealed class CsrGate(CertifiableKeys certifiable, KeyInspector inspector, IssuanceProfiles profiles)
{
    /// <param name="csr">DER or PEM.</param>
    public async Task<CsrVerdict> JudgeAsync(PortalDbContext db, NameDelegation delegation, byte[] csr, CancellationToken ct)
    {
        var names = delegation.NameList;
        var template = CsrTemplate.Parse(delegation.Template);
        var verdict = CsrTemplateCheck.Check(template, csr, new TemplateNames(template, names).Allows);
        if (verdict.Request is not { } request) return verdict;
        List<CsrFinding> findings = [.. verdict.Findings, .. FindInKey(request.Key)];
        if (await DelegationRules.FindForeignAsync(db, [.. NamesOf(request)], delegation.OwnerId, ct) is { } foreign) findings.Add(new("$.extensions.subjectAltName", $"{foreign} is not delegated any more.", foreign));
        if (findings.Count == 0 && await FindInUseAsync(request.Key, ct) is { } used) findings.Add(used);
        return verdict with { Findings = findings };
    }

    /// <summary>DNS names of the request, in lower case.</summary>
    internal static IEnumerable<string> NamesOf(SigningRequest request) => request.Names.Where(name => name.Type is NameType.Dns).Select(name => name.Value);

    private IEnumerable<CsrFinding> FindInKey(PublicKeyFacts key) =>
        inspector.Inspect(key, profiles.Get(IssuanceProfiles.Star)).Where(finding => finding.Severity is FindingSeverity.Block).Select(finding => new CsrFinding("$.keyTypes", finding.Message));

    private async Task<CsrFinding?> FindInUseAsync(PublicKeyFacts key, CancellationToken ct)
    {
        try
        {
            await certifiable.RequireAsync(key, Guid.Empty, ct);
            return null;
        }
        catch (AcmeException refused)
        {
            return new("$.keyTypes", refused.Message);
        }
    }
}
