using System.Formats.Asn1;
using System.Text;

namespace StarPortal.Core.MyProxy;

/// <summary>
/// Whether each CA of a chain was allowed to certify the name below it. OpenSSL does not ask that, and without it any CA of the trust directory could name the people of
/// any other.
/// </summary>
public sealed class CertifiedNames
{
    private readonly Dictionary<string, List<SigningPolicy>> policies = new(StringComparer.Ordinal);

    private CertifiedNames()
    {
    }

    public static CertifiedNames Of(TrustRootSet roots)
    {
        var names = new CertifiedNames();
        foreach (var policy in roots.Files.Where(file => file.Name.EndsWith(".signing_policy", StringComparison.Ordinal)).SelectMany(file => SigningPolicy.Parse(Encoding.Latin1.GetString(file.Content))))
        {
            if (names.policies.TryGetValue(policy.Authority, out var known)) known.Add(policy);
            else names.policies.Add(policy.Authority, [policy]);
        }

        return names;
    }

    /// <param name="chainLeafFirst">As it was verified.</param>
    /// <returns>What is wrong; null when nothing is.</returns>
    public string? FindProblem(IReadOnlyList<byte[]> chainLeafFirst)
    {
        try
        {
            return chainLeafFirst.Select(der => GridCertificate.Read(der)).Where(link => link.Proxy is null).Select(FindProblem).FirstOrDefault(problem => problem is not null);
        }
        catch (AsnContentException)
        {
            return "certificate cannot be read";
        }
    }

    private string? FindProblem(GridCertificate link)
    {
        var (issuer, subject) = (OneLineName.Of(link.Issuer), OneLineName.Of(link.Subject));
        if (issuer == subject) return null; // A root names itself.
        if (!policies.TryGetValue(issuer, out var found)) return $"no signing policy for {issuer}";
        return found.Exists(policy => policy.Allows(subject)) ? null : $"{issuer} may not certify {subject} (signing policy)";
    }
}
