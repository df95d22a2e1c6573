using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using StarPortal.Core.Acme;
using StarPortal.Core.Authority;
using StarPortal.Core.Star;

namespace StarPortal.Core.Delegation;

/// <summary>
/// What comes back from an upstream is not served before it was looked at: the consumer's key, exactly the names that were ordered, a life that is
/// sane, and issuers that certify each other.
/// </summary>
/// <param name="Request">The signing request of the order.</param>
/// <param name="Identifiers">Of the order.</param>
/// <param name="MaxLife">The longest life that is taken, from begin to end.</param>
public sealed record CertificateCheck(SigningRequest Request, IReadOnlyList<AcmeIdentifier> Identifiers, TimeSpan MaxLife)
{
    /// <summary>How long it may be valid from now on, as the owner of the names agreed; null: not said. A begin in the past, which CAs allow for slow clocks, does not count.</summary>
    public TimeSpan? MaxRemaining { get; init; }

    private const int MaxCertificates = 10;
    private const string AlternativeNames = "2.5.29.17";
    private const string CommonName = "2.5.4.3";

    /// <summary>Clocks differ.</summary>
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(10);

    /// <exception cref="UpstreamException">WrongCertificate, saying what is wrong.</exception>
    public CheckedChain Require(UpstreamChain chain, DateTimeOffset now)
    {
        try
        {
            var certificates = Read(chain.Pem);
            var leaf = certificates[0];
            RequireKey(leaf);
            RequireNames(leaf);
            RequireLife(leaf, now);
            RequireLinks(certificates);
            return CheckedChain.Of(certificates);
        }
        catch (Exception error) when (error is CryptographicException or AsnContentException or FormatException or InvalidOperationException)
        {
            throw UpstreamErrors.WrongCertificate("it cannot be read.", error);
        }
    }

    private static X509Certificate2Collection Read(string pem)
    {
        X509Certificate2Collection certificates = [];
        try
        {
            using (CertificateChain.Parse(Encoding.Latin1.GetBytes(pem))) certificates.ImportFromPem(pem);
        }
        catch (FetchFailedException error)
        {
            throw UpstreamErrors.WrongCertificate(error.Message, error);
        }

        return certificates.Count <= MaxCertificates ? certificates : throw UpstreamErrors.WrongCertificate($"it comes with more than {MaxCertificates - 1} issuers.");
    }

    private void RequireKey(X509Certificate2 leaf)
    {
        if (PublicKeyFacts.HashOf(leaf.PublicKey.ExportSubjectPublicKeyInfo()) != Request.KeyHash) throw UpstreamErrors.WrongCertificate($"it is for another key than that of the signing request ({Request.KeyDescription}).");
        if (leaf.Extensions.OfType<X509BasicConstraintsExtension>().Any(basic => basic.CertificateAuthority)) throw UpstreamErrors.WrongCertificate("it is that of a certificate authority.");
    }

    private void RequireNames(X509Certificate2 leaf)
    {
        var ordered = Identifiers.Select(identifier => identifier.ToAlternativeName()).ToHashSet();
        var (names, others) = leaf.Extensions.SingleOrDefault(extension => extension.Oid?.Value == AlternativeNames) is { } extension ? GeneralNames.Decode(extension.RawData) : ([], 0);
        var strange = names.Where(name => !ordered.Contains(name)).Select(name => PlainText.Of(name.ToString())).Concat(others > 0 ? ["names of other kinds"] : []).ToList();
        if (strange.Count > 0) throw UpstreamErrors.WrongCertificate($"it has names that were not ordered: {string.Join(", ", strange.Take(5))}.");
        var missing = ordered.Except(names).Select(name => name.Value).ToList();
        if (missing.Count > 0) throw UpstreamErrors.WrongCertificate($"it lacks names that were ordered: {string.Join(", ", missing.Take(5))}.");
        foreach (var part in leaf.SubjectName.EnumerateRelativeDistinguishedNames())
        {
            if (part.HasMultipleElements) throw UpstreamErrors.WrongCertificate("its subject has parts of several values.");
            if (part.GetSingleElementType().Value != CommonName) continue;
            var common = part.GetSingleElementValue() ?? "";
            if (!ordered.Any(name => name.Value.Equals(common, StringComparison.OrdinalIgnoreCase))) throw UpstreamErrors.WrongCertificate($"its common name was not ordered: {PlainText.Of(common)}.");
        }
    }

    private void RequireLife(X509Certificate2 leaf, DateTimeOffset now)
    {
        (DateTimeOffset notBefore, DateTimeOffset notAfter) = CheckedChain.LifeOf(leaf);
        if (notAfter <= notBefore || notAfter <= now) throw UpstreamErrors.WrongCertificate($"it has ended at {notAfter:u}.");
        if (notBefore > now + Skew) throw UpstreamErrors.WrongCertificate($"it is not valid before {notBefore:u}.");
        if (notAfter - notBefore > MaxLife) throw UpstreamErrors.TooLong($"is valid for {(notAfter - notBefore).TotalDays:0.##} days, and at most {MaxLife.TotalDays:0.##} are taken (MaxCertificateLife of this CA's options).");
        if (MaxRemaining is { } most && notAfter - now > most + Skew) throw UpstreamErrors.TooLong($"is valid for {(notAfter - now).TotalHours:0.#} hours more, and this delegation allows {most.TotalHours:0.#}. Allow longer ones, or name a profile of the CA that has shorter ones.");
    }

    /// <summary>RFC 8555 9.1: each certifies the one before it. Whether the last is trusted is its users' business, and so is whether an old root has ended.</summary>
    private static void RequireLinks(X509Certificate2Collection certificates)
    {
        using var chain = new X509Chain { ChainPolicy = PolicyOver(certificates) };
        var isBuilt = chain.Build(certificates[0]);
        var isInOrder = chain.ChainElements.Count >= certificates.Count && !certificates.Where((certificate, i) => !chain.ChainElements[i].Certificate.RawDataMemory.Span.SequenceEqual(certificate.RawDataMemory.Span)).Any();
        if (isBuilt && isInOrder) return;
        var why = chain.ChainStatus.Select(status => PlainText.Of(status.StatusInformation.Trim())).FirstOrDefault() ?? "one does not certify the one before it";
        throw UpstreamErrors.WrongCertificate($"its issuers are not a chain: {why}.");
    }

    private static X509ChainPolicy PolicyOver(X509Certificate2Collection certificates)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true,
            VerificationFlags = X509VerificationFlags.AllowUnknownCertificateAuthority | X509VerificationFlags.IgnoreNotTimeValid,
        };
        policy.ExtraStore.AddRange(certificates);
        return policy;
    }
}
