using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using FsCheck;
using FsCheck.Fluent;
using StarPortal.Core.Authority;
using StarPortal.Core.Shared;

namespace StarPortal.Tests.Authority;

[Trait("Category", "Unit")]
public sealed class SigningRequestTests
{
    private static readonly RSA Key = RSA.Create(2048);

    private static readonly byte[] Good = Make(Key).CreateSigningRequest();

    [Fact]
    public void Parse_TakesKeySubjectAndNames_WhenTheRequestIsFine()
    {
        var request = Make(Key);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("WWW.example.org");
        names.AddIpAddress(System.Net.IPAddress.Parse("2001:db8::1"));
        names.AddEmailAddress("zoe@example.org");
        request.CertificateExtensions.Add(names.Build());
        var parsed = SigningRequest.Parse(request.CreateSigningRequestPem());

        Assert.Equal(Key.ExportSubjectPublicKeyInfo(), parsed.PublicKeyInfo);
        Assert.Equal("RSA 2048", parsed.KeyDescription);
        Assert.Equal(["DNS:www.example.org", "IP:2001:db8::1", "email:zoe@example.org"], parsed.Names.Select(name => name.ToString()));
        Assert.Equal("Zoë", parsed.Subject.CommonName);
        Assert.Empty(parsed.Findings);
    }

    public static TheoryData<string> Forms => [
        Pem("CERTIFICATE REQUEST"), Pem("NEW CERTIFICATE REQUEST"), "Certificate Request:\n    Data: …\n" + Pem("CERTIFICATE REQUEST") + "\nthanks",
        Convert.ToBase64String(Good), Pem("CERTIFICATE REQUEST").ReplaceLineEndings("\r\n"), "  \n" + Convert.ToBase64String(Good, Base64FormattingOptions.InsertLineBreaks) + "\n"];

    [Theory, MemberData(nameof(Forms))]
    public void Parse_TakesTheRequest_WhateverItIsPastedIn(string text) => Assert.Equal("RSA 2048", SigningRequest.Parse(text).KeyDescription);

    [Fact]
    public void Parse_TakesTheFile_WhenItIsDerOrPem()
    {
        Assert.Equal("RSA 2048", SigningRequest.Parse(Good).KeyDescription);
        Assert.Equal("RSA 2048", SigningRequest.Parse(System.Text.Encoding.ASCII.GetBytes(Pem("CERTIFICATE REQUEST"))).KeyDescription);
    }

    public static TheoryData<string, string> WrongTexts => new()
    {
        { "", "Paste" },
        { "   \n ", "Paste" },
        { "hello", "not a certificate signing request" },
        { new string('x', 1024 * 1024), "at most" },
        { new string('\u202e', 20_000), "not a certificate signing request" },
        { Pem("CERTIFICATE REQUEST")[..400], "cut off" },
        { Pem("CERTIFICATE REQUEST").Replace("MII", "M*I", StringComparison.Ordinal), "cut off or damaged" },
        { Key.ExportPkcs8PrivateKeyPem(), "private key" },
        { Pem("CERTIFICATE REQUEST") + Key.ExportRSAPrivateKeyPem(), "private key" },
        { "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----", "This is a certificate" },
        { "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----", "not a certificate signing request" },
        { Convert.ToBase64String([0x30, 0x03, 0x02, 0x01, 0x01]), "not a PKCS#10" },
    };

    [Theory, MemberData(nameof(WrongTexts))]
    public void Parse_SaysBesideTheFieldWhatIsWrong_WhenTheTextIsNoRequest(string text, string expected) => AssertRefused(() => SigningRequest.Parse(text), expected);

    [Fact]
    public void Parse_Refuses_WhenAFileIsAMebibyte() => AssertRefused(() => SigningRequest.Parse(new byte[1024 * 1024]), "at most");

    [Fact]
    public void Parse_SaysThatItIsCutOff_WhereverItIsCut()
    {
        foreach (var length in Enumerable.Range(1, Good.Length - 1).Where(length => length % 7 == 0)) AssertRefused(() => SigningRequest.Parse(Good[..length]), "cut off");
    }

    [Fact]
    public void Parse_Refuses_WheneverAnOctetWasChanged() => Prop.ForAll(Gen.Choose(0, Good.Length - 1).ToArbitrary(), Gen.Choose(1, 255).ToArbitrary(), (index, change) =>
    {
        byte[] changed = [.. Good];
        changed[index] ^= (byte)change;
        Assert.Equal(ErrorKind.Invalid, Assert.Throws<ServiceException>(() => SigningRequest.Parse(changed)).Kind);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Parse_Refuses_WhateverTheOctets() => Prop.ForAll(ArbMap.Default.GeneratorFor<byte[]>().ToArbitrary(), octets =>
    {
        Assert.Equal("SigningRequest", Assert.Throws<ServiceException>(() => SigningRequest.Parse([0x30, .. octets])).Field);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Parse_SaysThatTheSignatureIsWrong_WhenTheKeyIsAnotherPersons()
    {
        using var other = RSA.Create(2048);
        AssertRefused(() => SigningRequest.Parse(SignedBy(other, Good)), "signature is wrong");
    }

    [Fact]
    public void Parse_Refuses_WhenTheSignatureIsSha1()
    {
        // The last arc of the algorithm's OID: 11 is sha256WithRSAEncryption, 5 is sha1WithRSAEncryption.
        byte[] oldFashioned = [.. Good];
        oldFashioned[oldFashioned.AsSpan().LastIndexOf(Convert.FromHexString("2a864886f70d01010b")) + 8] = 5;
        AssertRefused(() => SigningRequest.Parse(oldFashioned), "SHA-1");
    }

    [Fact]
    public void Parse_Refuses_WhenTheSignatureIsPss() =>
        AssertRefused(() => SigningRequest.Parse(new CertificateRequest("CN=x", Key, HashAlgorithmName.SHA256, RSASignaturePadding.Pss).CreateSigningRequest()), "PSS");

    [Fact]
    public void Parse_NamesWhatIsLeftOut_WhenTheRequestHasForeignAttributes()
    {
        var request = Make(Key);
        request.OtherRequestAttributes.Add(new AsnEncodedData("1.2.840.113549.1.9.7", WriteText("secret")));
        request.OtherRequestAttributes.Add(new AsnEncodedData("1.2.3.4.5", WriteText("whatever")));
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509Extension("1.3.6.1.5.5.7.1.24", [0x30, 0x03, 0x02, 0x01, 0x05], critical: false));
        var parsed = SigningRequest.Parse(request.CreateSigningRequest());

        Assert.All(parsed.Findings, finding => Assert.Equal((FindingCodes.RequestIgnored, FindingSeverity.Inform), (finding.Code, finding.Severity)));
        Assert.Contains(parsed.Findings, finding => finding.Message.Contains("challengePassword", StringComparison.Ordinal));
        Assert.Contains(parsed.Findings, finding => finding.Message.Contains("1.2.3.4.5", StringComparison.Ordinal));
        Assert.Contains(parsed.Findings, finding => finding.Message.Contains("must-staple", StringComparison.Ordinal));
        Assert.DoesNotContain("secret", string.Concat(parsed.Findings.Select(finding => finding.Message)), StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_ReadsWeakKeys_WhosePolicyThenRefusesThem()
    {
        using var small = RSA.Create(1024);
        using var odd = ECDsa.Create(ECCurve.CreateFromFriendlyName("secp224r1"));
        Assert.Equal("RSA 1024", SigningRequest.Parse(Make(small).CreateSigningRequest()).KeyDescription);
        Assert.Equal("EC P-224", SigningRequest.Parse(new CertificateRequest("CN=x", odd, HashAlgorithmName.SHA256).CreateSigningRequest()).KeyDescription);
    }

    internal static CertificateRequest Make(RSA key) => new("CN=Zoë, O=Example", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);

    private static void AssertRefused(Func<SigningRequest> parse, string expected)
    {
        var error = Assert.Throws<ServiceException>(parse);
        Assert.Equal((ErrorKind.Invalid, "SigningRequest"), (error.Kind, error.Field));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.True(error.Message.Length < 300);
    }

    private static string Pem(string label) => PemEncoding.WriteString(label, Good);

    /// <summary>The same request with another signer: who asks does not have the key that the request names.</summary>
    private static byte[] SignedBy(RSA signer, byte[] request)
    {
        var reader = new AsnReader(request, AsnEncodingRules.DER).ReadSequence();
        var info = reader.ReadEncodedValue();
        var algorithm = reader.ReadEncodedValue();
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteEncodedValue(info.Span);
            writer.WriteEncodedValue(algorithm.Span);
            writer.WriteBitString(signer.SignData(info.Span, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
        }

        return writer.Encode();
    }

    private static byte[] WriteText(string text)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        writer.WriteCharacterString(UniversalTagNumber.PrintableString, text);
        return writer.Encode();
    }
}
