using System.Security.Cryptography.X509Certificates;
using StarPortal.Core.Authority;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Authority;

/// <summary>Orders that are fine, for tests that break one thing.</summary>
internal static class Orders
{
    public static readonly byte[] RsaKey = MakeKey(KeyAlgorithm.Rsa2048);

    public static byte[] MakeKey(KeyAlgorithm algorithm)
    {
        using var key = algorithm.MakeKey();
        return key.ExportSubjectPublicKeyInfo();
    }

    public static SubjectFields Zoe(string name = "Zoë Miller") => new(name, "0001", "Example Lab", "zoe", "zoe@example.org");

    public static IssuanceOrder Person(TestPortal portal, string name = "Zoë Miller", byte[]? key = null) => new()
    {
        Profile = IssuanceProfiles.Person,
        Subject = portal.Get<IssuanceProfiles>().Get(IssuanceProfiles.Person).RenderSubject(Zoe(name)),
        Names = [SubjectAlternativeName.Email("zoe@example.org")],
        PublicKeyInfo = key ?? RsaKey,
        UserId = Guid.NewGuid(),
        SourceKey = $"test:{Guid.NewGuid()}",
    };

    public static IssuanceOrder Host(TestPortal portal, params string[] names)
    {
        SubjectAlternativeName[] list = [.. names.Select(SubjectAlternativeName.Dns)];
        return new()
        {
            Profile = IssuanceProfiles.Host,
            Subject = portal.Get<IssuanceProfiles>().Get(IssuanceProfiles.Host).RenderSubject(list),
            Names = list,
            PublicKeyInfo = MakeKey(KeyAlgorithm.EcdsaP256),
            SourceKey = $"test:{Guid.NewGuid()}",
        };
    }

    public static bool ChainsUp(TestPortal portal, X509Certificate2 certificate, string issuer)
    {
        var above = portal.Get<CertificateAuthority>().ChainOf(issuer);
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.CustomTrustStore.Add(above[^1]);
        chain.ChainPolicy.ExtraStore.Add(above[0]);
        chain.ChainPolicy.DisableCertificateDownloads = true;
        return chain.Build(certificate);
    }
}
