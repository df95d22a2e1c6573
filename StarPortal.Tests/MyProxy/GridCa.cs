using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using StarPortal.Core.MyProxy;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.MyProxy;

/// <summary>A CA outside of the portal, and what it certifies: for tests that break one thing.</summary>
internal static class GridCa
{
    public const string Name = "/O=StarGrid/CN=StarGrid Test CA";

    public const X509KeyUsageFlags PersonUsage =
        X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyEncipherment | X509KeyUsageFlags.NonRepudiation;

    public static readonly DateTimeOffset Now = TestClock.ProcessStart;

    private static readonly Lazy<X509Certificate2> Ca = new(() =>
    {
        var request = new CertificateRequest(NameOf(("2.5.4.10", "StarGrid"), ("2.5.4.3", "StarGrid Test CA")), RSA.Create(2048), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        return request.CreateSelfSigned(Now.AddYears(-1), Now.AddYears(10));
    });

    private static readonly Lazy<RSA> SharedKey = new(() => RSA.Create(2048));

    public static X509Certificate2 Certificate => Ca.Value;

    /// <summary>A key that tests share: making one takes a tenth of a second.</summary>
    public static RSA Key => SharedKey.Value;

    /// <summary>A copy, to be disposed of with the credential.</summary>
    public static RSA CopyOfKey()
    {
        var copy = RSA.Create();
        copy.ImportRSAPrivateKey(Key.ExportRSAPrivateKey(), out _);
        return copy;
    }

    public static UnlockedCredential Person(
        string name = "Bob Badger", X509KeyUsageFlags? usage = PersonUsage, HashAlgorithmName? hash = null, AsymmetricAlgorithm? key = null, TimeSpan? ends = null, TimeSpan? cap = null, bool isAuthority = false) =>
        Person(NameOf(("2.5.4.10", "StarGrid"), ("2.5.4.11", "People"), ("2.5.4.3", name)), usage, hash, key, ends, cap, isAuthority);

    public static UnlockedCredential Person(
        X500DistinguishedName name, X509KeyUsageFlags? usage = PersonUsage, HashAlgorithmName? hash = null, AsymmetricAlgorithm? key = null, TimeSpan? ends = null, TimeSpan? cap = null, bool isAuthority = false)
    {
        key ??= CopyOfKey();
        var request = RequestOf(name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(isAuthority, false, 0, true));
        if (usage is { } bits) request.CertificateExtensions.Add(new X509KeyUsageExtension(bits, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.2")], false));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        return new UnlockedCredential(Guid.NewGuid(), "bob", key, [Sign(request, hash ?? HashAlgorithmName.SHA256, ends ?? TimeSpan.FromDays(365))], cap);
    }

    /// <summary>What a client sends: the genuine one's request when nothing is said.</summary>
    public static byte[] Request(AsymmetricAlgorithm? key = null, string? language = ProxyCertInfo.InheritAll, int? pathLength = null, HashAlgorithmName? hash = null, string oid = ProxyCertInfo.Oid)
    {
        var request = RequestOf(NameOf(("2.5.4.3", "NULL SUBJECT NAME ENTRY")), key ?? Key, hash ?? HashAlgorithmName.SHA256);
        if (language is not null) request.CertificateExtensions.Add(new X509Extension(oid, new ProxyCertInfo(pathLength, language).Encode(), critical: true));
        return hash == HashAlgorithmName.SHA1 ? request.CreateSigningRequest(new Sha1Generator(Key)) : request.CreateSigningRequest();
    }

    /// <summary>A request with these attributes, which .NET would not write.</summary>
    public static byte[] SignRequest(params byte[][] attributes)
    {
        var info = new AsnWriter(AsnEncodingRules.BER);
        using (info.PushSequence())
        {
            info.WriteInteger(0);
            info.WriteEncodedValue(NameOf(("2.5.4.3", "x")).RawData);
            info.WriteEncodedValue(Key.ExportSubjectPublicKeyInfo());
            using var set = info.PushSetOf(new Asn1Tag(TagClass.ContextSpecific, 0));
            foreach (var attribute in attributes) info.WriteEncodedValue(attribute);
        }

        var request = new AsnWriter(AsnEncodingRules.DER);
        using (request.PushSequence())
        {
            request.WriteEncodedValue(info.Encode());
            request.WriteEncodedValue(new Sha1Generator(Key).GetSignatureAlgorithmIdentifier(HashAlgorithmName.SHA256));
            request.WriteBitString(Key.SignData(info.Encode(), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
        }

        return request.Encode();
    }

    /// <summary>A proxy of this credential, of any kind, as a client makes it for itself.</summary>
    public static UnlockedCredential ProxyOf(UnlockedCredential signer, string language = ProxyCertInfo.InheritAll, int? pathLength = null, string commonName = "4711", Action<CertificateRequest>? change = null)
    {
        using var above = X509CertificateLoader.LoadCertificate(signer.Chain[0]);
        var request = RequestOf(Below(above.SubjectName, commonName), CopyOfKey(), HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509Extension(ProxyCertInfo.Oid, new ProxyCertInfo(pathLength, language).Encode(), critical: true));
        change?.Invoke(request);
        var generator = X509SignatureGenerator.CreateForRSA((RSA)signer.Key, RSASignaturePadding.Pkcs1);
        using var proxy = request.Create(above.SubjectName, generator, Now.AddMinutes(-5), Now.AddHours(10), [0x12, 0x34]);
        return signer with { Key = CopyOfKey(), Chain = [proxy.RawData, .. signer.Chain] };
    }

    public static byte[] Issue(UnlockedCredential signer, byte[]? request = null, TimeSpan? asked = null, TimeSpan? serverMax = null, bool clientIsLimited = false) =>
        ProxyCertificate.Issue(signer, request ?? Request(), asked, serverMax, clientIsLimited, Now);

    /// <summary>A name of PrintableStrings.</summary>
    public static X500DistinguishedName NameOf(params (string Oid, string Value)[] attributes)
    {
        var builder = new X500DistinguishedNameBuilder();
        // The builder puts the last one first.
        foreach (var (oid, value) in attributes.Reverse()) builder.Add(oid, value, UniversalTagNumber.PrintableString);
        return builder.Build();
    }

    private static X500DistinguishedName Below(X500DistinguishedName parent, string commonName)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        RawName.WriteBelow(writer, parent.RawData, commonName);
        return new X500DistinguishedName(writer.Encode());
    }

    private static byte[] Sign(CertificateRequest request, HashAlgorithmName hash, TimeSpan ends)
    {
        X509SignatureGenerator generator = new Sha1Generator(Certificate.GetRSAPrivateKey()!);
        var signed = new CertificateRequest(request.SubjectName, request.PublicKey, hash);
        foreach (var extension in request.CertificateExtensions) signed.CertificateExtensions.Add(extension);
        using var certificate = signed.Create(Certificate.SubjectName, generator, Now.AddHours(-1), Now + ends, RandomNumberGenerator.GetBytes(8).Prepend((byte)0x11).ToArray());
        return certificate.RawData;
    }

    private static CertificateRequest RequestOf(X500DistinguishedName name, AsymmetricAlgorithm key, HashAlgorithmName hash) => key switch
    {
        RSA rsa => new CertificateRequest(name, rsa, hash, RSASignaturePadding.Pkcs1),
        ECDsa ecdsa => new CertificateRequest(name, ecdsa, hash),
        _ => throw new NotSupportedException(),
    };

    /// <summary>RSA with PKCS#1 v1.5, and with SHA-1 as well, which .NET's own generator does not do.</summary>
    private sealed class Sha1Generator(RSA key) : X509SignatureGenerator
    {
        private readonly X509SignatureGenerator others = CreateForRSA(key, RSASignaturePadding.Pkcs1);

        public override byte[] GetSignatureAlgorithmIdentifier(HashAlgorithmName hashAlgorithm) =>
            hashAlgorithm == HashAlgorithmName.SHA1 ? Convert.FromHexString("300D06092A864886F70D0101050500") : others.GetSignatureAlgorithmIdentifier(hashAlgorithm);

        public override byte[] SignData(byte[] data, HashAlgorithmName hashAlgorithm) => key.SignData(data, hashAlgorithm, RSASignaturePadding.Pkcs1);

        protected override PublicKey BuildPublicKey() => others.PublicKey;
    }
}
