using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace StarPortal.Tests.Support;

/// <summary>A CA of another organisation: a root, an issuing CA, somebody who signs its mails, and the mailbox that its answers come to.</summary>
internal sealed class OutsideCa : IDisposable
{
    public const string Address = "ca@ca.example.net";
    public const string RaAddress = "ra@example.org";
    public const string Success = "Your certificate request has been processed\n  successfully.";

    private readonly X509Certificate2 issuing;
    private readonly X509Certificate2 signer;
    private readonly DateTimeOffset now;

    /// <param name="now">The certificates are valid from a day before on, for years.</param>
    public OutsideCa(DateTimeOffset now)
    {
        this.now = now;
        using var rootKey = RSA.Create(2048);
        var root = new CertificateRequest("DC=net, DC=example, CN=Outside Root", rootKey, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        root.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        root.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(root.PublicKey, false));
        using var rootCertificate = root.CreateSelfSigned(now.AddDays(-1), now.AddYears(9));
        issuing = Sign(rootCertificate, "DC=net, DC=example, CN=Outside Issuing CA", isCa: true);
        signer = Sign(rootCertificate, "DC=net, DC=example, CN=Mail of the Outside CA", isCa: false);
        Directory.CreateDirectory(Folder["maildir", "new"]);
        Directory.CreateDirectory(Folder["maildir", "cur"]);
        Directory.CreateDirectory(Folder["maildir", "tmp"]);
        File.WriteAllText(Folder["ca.pem"], $"{issuing.ExportCertificatePem()}\n{rootCertificate.ExportCertificatePem()}\n");
        File.WriteAllText(Folder["issuing.pem"], issuing.ExportCertificatePem());
        File.WriteAllText(Folder["issuing.key"], issuing.GetRSAPrivateKey()!.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(Folder["signer.pem"], signer.ExportCertificatePem());
        File.WriteAllText(Folder["signer.key"], signer.GetRSAPrivateKey()!.ExportPkcs8PrivateKeyPem());
    }

    public TestFolder Folder { get; } = new();

    public string Maildir => Folder["maildir"];

    /// <summary>Files that wait, and those that are put away.</summary>
    public int Waiting => Directory.GetFiles(Path.Combine(Maildir, "new")).Length + Directory.GetFiles(Path.Combine(Maildir, "cur")).Length;

    public int PutAway => Directory.Exists(Path.Combine(Maildir, ".StarPortal", "cur")) ? Directory.GetFiles(Path.Combine(Maildir, ".StarPortal", "cur")).Length : 0;

    public Dictionary<string, string?> Settings(string proof = "Token") => new(StringComparer.Ordinal)
    {
        ["Authority:Profiles:person:External"] = "true", ["Authority:Profiles:person:PortalKey"] = "EcdsaP256", ["Authority:ExternalCa:CertificateFile"] = Folder["ca.pem"],
        ["Authority:ExternalCa:Contact"] = "the Outside CA, help@ca.example.net", ["Approval:ExternalCa:Address"] = Address, ["Approval:ExternalCa:RaAddress"] = RaAddress,
        ["Approval:ExternalCa:Proof"] = proof, ["Approval:ExternalCa:SignerFile"] = Folder["signer.pem"], ["Mail:Maildir"] = Maildir,
    };

    /// <summary>What the CA makes of a request that it has got.</summary>
    /// <param name="mail">As the portal sent it.</param>
    /// <param name="change">What is wrong with the certificate.</param>
    /// <param name="days">How long it lives.</param>
    public X509Certificate2 Certify(SentMail mail, Action<CertificateRequest>? change = null, int days = 365, X500DistinguishedName? subject = null)
    {
        var pem = mail.Text[mail.Text.IndexOf("-----BEGIN CERTIFICATE REQUEST", StringComparison.Ordinal)..];
        var asked = CertificateRequest.LoadSigningRequestPem(pem, HashAlgorithmName.SHA256, CertificateRequestLoadOptions.UnsafeLoadCertificateExtensions, RSASignaturePadding.Pkcs1);
        var request = new CertificateRequest(subject ?? asked.SubjectName, asked.PublicKey, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        foreach (var extension in asked.CertificateExtensions) request.CertificateExtensions.Add(extension);
        change?.Invoke(request);
        return Issue(issuing, request, days);
    }

    /// <summary>The CA's answer as a plain mail, addressed to whom the request came from.</summary>
    public static string Answer(SentMail request, X509Certificate2 certificate, string? to = null, string subject = "Your Certificate Request", string success = Success) =>
        $"From: Outside CA <{Address}>\nTo: {to ?? request.Headers["From"]}\nSubject: {subject}\nDate: Mon, 4 Jan 2027 10:00:00 +0000\nMIME-Version: 1.0\nContent-Type: text/plain; charset=us-ascii\n\n{success}\n\nSubjectDN= {certificate.Subject}\n\n{certificate.ExportCertificatePem()}\n";

    /// <summary>The same, signed (RFC 8551, multipart/signed).</summary>
    public string SignedAnswer(SentMail request, X509Certificate2 certificate, X509Certificate2? by = null, Func<string, string>? tamper = null)
    {
        var content = $"Content-Type: text/plain\n\n{Success}\n\n{certificate.ExportCertificatePem()}\n";
        var message = new SignedCms(new ContentInfo(Encoding.ASCII.GetBytes(content.ReplaceLineEndings("\r\n"))), detached: true);
        message.ComputeSignature(new CmsSigner(by ?? signer) { DigestAlgorithm = new Oid("2.16.840.1.101.3.4.2.1"), IncludeOption = X509IncludeOption.EndCertOnly });
        var signature = Convert.ToBase64String(message.Encode(), Base64FormattingOptions.InsertLineBreaks).ReplaceLineEndings("\n");
        return $"From: {Address}\nTo: {request.Headers["From"]}\nSubject: Your Certificate Request\nMIME-Version: 1.0\nContent-Type: multipart/signed; protocol=\"application/pkcs7-signature\"; micalg=sha-256; boundary=\"b0\"\n\n"
            + $"--b0\n{tamper?.Invoke(content) ?? content}\n--b0\nContent-Type: application/pkcs7-signature\nContent-Transfer-Encoding: base64\n\n{signature}\n--b0--\n";
    }

    /// <summary>As a mail server delivers: written in <c>tmp</c>, moved to <c>new</c>.</summary>
    public string Deliver(string message) => Deliver(Encoding.UTF8.GetBytes(message));

    public string Deliver(byte[] message)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"1800000000.{Guid.NewGuid():N}.host");
        File.WriteAllBytes(Path.Combine(Maildir, "tmp", name), message);
        File.Move(Path.Combine(Maildir, "tmp", name), Path.Combine(Maildir, "new", name));
        return name;
    }

    public void Dispose()
    {
        issuing.Dispose();
        signer.Dispose();
        Folder.Dispose();
    }

    private X509Certificate2 Sign(X509Certificate2 issuer, string name, bool isCa)
    {
        var key = RSA.Create(2048);
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(isCa, false, 0, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        return Issue(issuer, request, 3000).CopyWithPrivateKey(key);
    }

    private X509Certificate2 Issue(X509Certificate2 issuer, CertificateRequest request, int days)
    {
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(issuer, true, false));
        var serial = RandomNumberGenerator.GetBytes(20);
        serial[0] = (byte)((serial[0] & 0x7f) | 0x40);
        return request.Create(issuer.SubjectName, X509SignatureGenerator.CreateForRSA(issuer.GetRSAPrivateKey()!, RSASignaturePadding.Pkcs1), now.AddDays(-1), now.AddDays(days - 1), serial);
    }
}
