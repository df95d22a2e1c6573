using System.Formats.Asn1;
using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace StarPortal.Tests.MyProxy;

/// <summary>A certificate and its key.</summary>
internal sealed record GridCredential(X509Certificate2 Certificate, AsymmetricAlgorithm Key)
{
    public byte[] Der => Certificate.RawData;

    public string KeyPem => PemEncoding.WriteString("PRIVATE KEY", Key.ExportPkcs8PrivateKey());
}

/// <summary>A CA, people, hosts and RFC 3820 proxies as a grid has them, made here and now.</summary>
internal sealed class GridPki
{
    public const string InheritAll = "1.3.6.1.5.5.7.21.1";
    public const string Limited = "1.3.6.1.4.1.3536.1.1.1.9";

    private const string ProxyCertInfoOid = "1.3.6.1.5.5.7.1.14";

    private static readonly RSA[] Keys = [.. Enumerable.Range(0, 4).Select(_ => RSA.Create(2048))];

    private long serial = 1000;

    public GridPki(DateTimeOffset now)
    {
        Now = now;
        Root = NewRoot("StarGrid Test CA");
        User = Issue("CN=Bob Badger,OU=People,O=StarGrid", Keys[1]);
        Host = Issue("CN=localhost,O=StarGrid", Keys[2], host: "localhost");
    }

    public DateTimeOffset Now { get; }

    public GridCredential Root { get; }

    public GridCredential User { get; }

    public GridCredential Host { get; }

    public GridCredential NewRoot(string name)
    {
        var request = new CertificateRequest($"CN={name},O=StarGrid", Keys[0], HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        return new(request.CreateSelfSigned(Now.AddDays(-10), Now.AddDays(3650)), Keys[0]);
    }

    /// <param name="name">Root first in .NET's order of reading: <c>CN=…,O=…</c>.</param>
    public GridCredential Issue(string name, AsymmetricAlgorithm? key = null, string? host = null, TimeSpan? lifetime = null)
    {
        key ??= Keys[1];
        var request = NewRequest(new X500DistinguishedName(name), key);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyEncipherment, true));
        if (host is not null) request.CertificateExtensions.Add(NameExtension(host));
        return Sign(request, Root, key, Now.Add(lifetime ?? TimeSpan.FromDays(30)));
    }

    /// <param name="pathLength">How many proxies may follow.</param>
    public GridCredential Proxy(GridCredential signer, string language = InheritAll, int? pathLength = null, string? commonName = null)
    {
        var number = Interlocked.Increment(ref serial);
        var request = NewRequest(Below(signer.Certificate.SubjectName, commonName ?? number.ToString(CultureInfo.InvariantCulture)), Keys[3]);
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyEncipherment, true));
        request.CertificateExtensions.Add(new X509Extension(ProxyCertInfoOid, ProxyCertInfo(language, pathLength), critical: true));
        return Sign(request, signer, Keys[3], Now.AddHours(12));
    }

    /// <summary>A CRL of the root that names these.</summary>
    public byte[] RevocationList(params GridCredential[] revoked)
    {
        var builder = new CertificateRevocationListBuilder();
        foreach (var one in revoked) builder.AddEntry(one.Certificate, Now.AddHours(-1));
        return builder.Build(Root.Certificate, 1, Now.AddDays(7), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1, Now.AddHours(-1));
    }

    private static CertificateRequest NewRequest(X500DistinguishedName name, AsymmetricAlgorithm key) => key switch
    {
        RSA rsa => new(name, rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1),
        ECDsa ec => new(name, ec, HashAlgorithmName.SHA256),
        _ => throw new NotSupportedException(),
    };

    private GridCredential Sign(CertificateRequest request, GridCredential signer, AsymmetricAlgorithm key, DateTimeOffset end)
    {
        var generator = X509SignatureGenerator.CreateForRSA((RSA)signer.Key, RSASignaturePadding.Pkcs1);
        var number = BitConverter.GetBytes(Interlocked.Increment(ref serial)).Reverse().SkipWhile(part => part == 0).ToArray();
        return new(request.Create(signer.Certificate.SubjectName, generator, Now.AddDays(-2), end, number), key);
    }

    private static X509Extension NameExtension(string host)
    {
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(host);
        return names.Build();
    }

    private static X500DistinguishedName Below(X500DistinguishedName signer, string commonName)
    {
        var old = new AsnReader(signer.RawData, AsnEncodingRules.DER).ReadSequence();
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            while (old.HasData) writer.WriteEncodedValue(old.ReadEncodedValue().Span);
            using (writer.PushSetOf())
            using (writer.PushSequence())
            {
                writer.WriteObjectIdentifier("2.5.4.3");
                writer.WriteCharacterString(UniversalTagNumber.PrintableString, commonName);
            }
        }

        return new(writer.Encode());
    }

    private static byte[] ProxyCertInfo(string language, int? pathLength)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            if (pathLength is { } length) writer.WriteInteger(length);
            using (writer.PushSequence()) writer.WriteObjectIdentifier(language);
        }

        return writer.Encode();
    }
}
