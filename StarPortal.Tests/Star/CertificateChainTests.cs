using System.Security.Cryptography;
using System.Text;
using StarPortal.Core.Star;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Star;

[Trait("Category", "Unit")]
public sealed class CertificateChainTests : IDisposable
{
    private readonly StarLeafs leafs = new();

    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public void Dispose()
    {
        key.Dispose();
        leafs.Dispose();
    }

    /// <summary>Octets changed in the DER, where PEM is sound yet, and in the PEM: it is a chain, or refused in plain words.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void ChangedOctets_AreAChain_OrRefused(bool inDer)
    {
        using var leaf = leafs.Leaf(key, TestClock.ProcessStart, TestClock.ProcessStart.AddHours(1));
        var (numbers, keyPem, refused) = (new SeededNumbers(42), key.ExportPkcs8PrivateKeyPem(), 0);
        for (var run = 0; run < 3000; run++)
        {
            var octets = inDer ? leaf.RawData : Encoding.ASCII.GetBytes(leaf.ExportCertificatePem() + "\n" + leafs.IssuerPem);
            for (var change = 0; change <= run % 3; change++) octets[numbers.Below(octets.Length)] = (byte)numbers.Next();
            if (!IsRead(inDer ? Encoding.ASCII.GetBytes(PemEncoding.WriteString("CERTIFICATE", octets)) : octets, keyPem)) refused++;
        }

        Assert.InRange(refused, 100, 2999);
    }

    [Fact]
    public void Key_IsCompared_InEveryForm()
    {
        using var rsa = RSA.Create(2048);
        using var chain = CertificateChain.Parse(Encoding.ASCII.GetBytes(leafs.Chain(key, TestClock.ProcessStart, TestClock.ProcessStart.AddHours(1))));
        Assert.Null(chain.ProblemWithKey(key.ExportPkcs8PrivateKeyPem()));
        Assert.Null(chain.ProblemWithKey(key.ExportECPrivateKeyPem()));
        Assert.NotNull(chain.ProblemWithKey(rsa.ExportPkcs8PrivateKeyPem()));
        Assert.NotNull(chain.ProblemWithKey(key.ExportEncryptedPkcs8PrivateKeyPem("secret", new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000))));
    }

    private static bool IsRead(byte[] octets, string keyPem)
    {
        try
        {
            using var chain = CertificateChain.Parse(octets);
            chain.ProblemWithKey(keyPem);
            return true;
        }
        catch (FetchFailedException)
        {
            return false;
        }
    }
}
