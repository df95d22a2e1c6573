using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using StarPortal.Core.Acme;
using StarPortal.Core.Delegation;
using static StarPortal.Tests.Delegation.MadeRequest;
using static StarPortal.Tests.Delegation.SampleTemplates;

namespace StarPortal.Tests.Delegation;

/// <summary>Requests against templates, RFC 9115 section 4.1: each case says what has to be wrong, or nothing.</summary>
[Trait("Category", "Unit")]
public sealed class CsrTemplateCheckTests
{
    private const string Country = "2.5.4.6", State = "2.5.4.8", Locality = "2.5.4.7", Organization = "2.5.4.10", CommonName = "2.5.4.3", Mail = "1.2.840.113549.1.9.1";
    private const string FullSubject = """{"country":"CA","locality":"**","organization":"*"}""";
    private const string BothKeys = $"{SampleTemplates.Rsa},{SampleTemplates.P256}";

    private static readonly string[] Delegated = ["abc.ido.example", "x.ido.example", "y.ido.example", "*.cdn.ido.example"];

    /// <summary>Each case by its name: the template, the request, and where the findings are (none: allowed).</summary>
    private static readonly Dictionary<string, (string Template, Func<MadeRequest> Request, string[] Places)> Cases = new(StringComparer.Ordinal)
    {
        ["as the template says"] = (Text(), () => new(), []),
        ["DNS name in capitals"] = (Text(), () => new MadeRequest().Named((2, "ABC.Ido.Example")), []),
        ["template in capitals"] = (Text(names: """{"DNS":["ABC.ido.example"]}"""), () => new(), []),
        ["extensions in another order"] = (Text(), () => new() { Extensions = [.. new MadeRequest().Extensions.AsEnumerable().Reverse()] }, []),
        ["other criticality"] = (Text(), () => new() { Extensions = [.. new MadeRequest().Extensions.Select(one => (one.Oid, one.IsCritical is null ? (bool?)true : null, one.Value))] }, []),

        ["RSA of the length"] = (Text(BothKeys), () => new() { Key = Rsa2048 }, []),
        ["EC as the second type"] = (Text(BothKeys), () => new(), []),
        ["RSA of another length"] = (Text(BothKeys), () => new() { Key = Rsa3072 }, ["$.keyTypes"]),
        ["RSA for EC"] = (Text(), () => new() { Key = Rsa2048 }, ["$.keyTypes"]),
        ["another curve"] = (Text(), () => new() { Key = MadeRequest.P384 }, ["$.keyTypes"]),
        ["P-521, whose OID the RFC misprints"] = (WithKey("\"id-ecPublicKey\"", "\"namedCurve\":\"secp521r1\"", "\"ecdsa-with-SHA512\""), () => new() { Key = P521 }, []),
        ["signed with another hash than SignatureType"] = (Text(), () => new() { Hash = HashAlgorithmName.SHA384 }, []),
        ["PKCS#1 v1.5 where SignatureType says PSS"] = (WithKey("\"rsaEncryption\"", "\"PublicKeyLength\":2048", "\"sha256WithRSAandMGF1\""), () => new() { Key = Rsa2048 }, []),

        ["subject in full"] = (Text(subject: FullSubject), () => new MadeRequest().From((Country, "CA"), (Locality, "Québec"), (Organization, "Example")), []),
        ["subject in another order"] = (Text(subject: FullSubject), () => new MadeRequest().From((Organization, "Example"), (Locality, "Hull"), (Country, "CA")), []),
        ["optional field left out"] = (Text(subject: FullSubject), () => new MadeRequest().From((Country, "CA"), (Locality, "Hull")), []),
        ["literal field missing"] = (Text(subject: FullSubject), () => new MadeRequest().From((Locality, "Hull")), ["$.subject.country"]),
        ["mandatory field missing"] = (Text(subject: FullSubject), () => new MadeRequest().From((Country, "CA")), ["$.subject.locality"]),
        ["empty subject"] = (Text(subject: FullSubject), () => new(), ["$.subject.country", "$.subject.locality"]),
        ["literal differs"] = (Text(subject: FullSubject), () => new MadeRequest().From((Country, "US"), (Locality, "Hull")), ["$.subject.country"]),
        ["literal differs in case"] = (Text(subject: FullSubject), () => new MadeRequest().From((Country, "ca"), (Locality, "Hull")), ["$.subject.country"]),
        ["literal with a blank"] = (Text(subject: """{"organization":"Example"}"""), () => new MadeRequest().From((Organization, "Example ")), ["$.subject.organization"]),
        ["field twice"] = (Text(subject: FullSubject), () => new MadeRequest().From((Country, "CA"), (Locality, "Hull"), (Locality, "Hull")), ["$.subject.locality"]),
        ["literal twice, once wrong"] = (Text(subject: FullSubject), () => new MadeRequest().From((Country, "CA"), (Country, "US"), (Locality, "Hull")), ["$.subject.country"]),
        ["field that the template lacks"] = (Text(subject: FullSubject), () => new MadeRequest().From((Country, "CA"), (Locality, "Hull"), (State, "QC")), ["$.subject"]),
        ["subject where there is none"] = (Text(), () => new MadeRequest().From((CommonName, "abc.ido.example")), ["$.subject"]),
        ["attribute that no template has"] = (Text(subject: FullSubject), () => new MadeRequest().From((Country, "CA"), (Locality, "Hull"), ("2.5.4.5", "17")), ["$.subject"]),
        ["chosen value is empty"] = (Text(subject: FullSubject), () => new MadeRequest().From((Country, "CA"), (Locality, "")), ["$.subject.locality"]),
        ["chosen value is too long"] = (Text(subject: FullSubject), () => new MadeRequest().From((Country, "CA"), (Locality, new string('l', 129))), ["$.subject.locality"]),
        ["chosen value hides characters"] = (Text(subject: FullSubject), () => new MadeRequest().From((Country, "CA"), (Locality, "Hu\u202ell")), ["$.subject.locality"]),
        ["chosen country is a word"] = (Text(subject: """{"country":"**"}"""), () => new MadeRequest().From((Country, "Canada")), ["$.subject.country"]),
        ["chosen address is none"] = (Text(subject: """{"emailAddress":"**"}"""), () => new MadeRequest().From((Mail, "nobody")), ["$.subject.emailAddress"]),
        ["multi-valued RDN"] = (Text(subject: """{"country":"CA","locality":"**"}"""), () => new() { Subject = [[(Country, UniversalTagNumber.PrintableString, "CA"), (Locality, UniversalTagNumber.UTF8String, "Hull")]] }, ["$.subject"]),
        ["empty RDN"] = (Text(subject: """{"country":"CA"}"""), () => new() { Subject = [[], [(Country, UniversalTagNumber.PrintableString, "CA")]] }, ["$.subject"]),
        ["value in an old string type"] = (Text(subject: """{"country":"CA"}"""), () => new() { Subject = [[(Country, UniversalTagNumber.BMPString, "CA")]] }, ["$.subject.country"]),
        ["value as PrintableString"] = (Text(subject: """{"country":"CA"}"""), () => new() { Subject = [[(Country, UniversalTagNumber.PrintableString, "CA")]] }, []),

        ["chosen common name is one of the names"] = (Text(subject: """{"commonName":"**"}"""), () => new MadeRequest().From((CommonName, "ABC.ido.example")), []),
        ["chosen common name is of another domain"] = (Text(subject: """{"commonName":"*"}"""), () => new MadeRequest().From((CommonName, "www.bank.example")), ["$.subject.commonName"]),
        ["optional common name left out"] = (Text(subject: """{"commonName":"*"}"""), () => new(), []),
        ["literal common name"] = (Text(subject: """{"commonName":"abc.ido.example"}"""), () => new MadeRequest().From((CommonName, "abc.ido.example")), []),
        ["common name in one domain, SAN in another"] = (Text(subject: """{"commonName":"abc.ido.example"}"""), () => new MadeRequest().From((CommonName, "abc.ido.example")).Named((2, "www.bank.example")), ["$.extensions.subjectAltName.DNS", "$.extensions.subjectAltName.DNS"]),
        ["two common names"] = (Text(subject: """{"commonName":"abc.ido.example"}"""), () => new MadeRequest().From((CommonName, "abc.ido.example"), (CommonName, "www.bank.example")), ["$.subject.commonName"]),

        ["one name too many"] = (Text(), () => new MadeRequest().Named((2, "abc.ido.example"), (2, "x.ido.example")), ["$.extensions.subjectAltName.DNS"]),
        ["one name too few"] = (Text(names: """{"DNS":["abc.ido.example","x.ido.example"]}"""), () => new(), ["$.extensions.subjectAltName.DNS"]),
        ["a name twice"] = (Text(), () => new MadeRequest().Named((2, "abc.ido.example"), (2, "ABC.ido.example")), ["$.extensions.subjectAltName.DNS"]),
        ["another name"] = (Text(), () => new MadeRequest().Named((2, "abd.ido.example")), ["$.extensions.subjectAltName.DNS", "$.extensions.subjectAltName.DNS"]),
        ["wildcard where a name is delegated"] = (Text(), () => new MadeRequest().Named((2, "*.ido.example")), ["$.extensions.subjectAltName.DNS", "$.extensions.subjectAltName.DNS"]),
        ["a name where the wildcard is meant"] = (Text(names: """{"DNS":["*.ido.example"]}"""), () => new(), ["$.extensions.subjectAltName.DNS", "$.extensions.subjectAltName.DNS"]),
        ["wildcard as the template has it"] = (Text(names: """{"DNS":["*.ido.example"]}"""), () => new MadeRequest().Named((2, "*.ido.example")), []),
        ["name with a dot at its end"] = (Text(), () => new MadeRequest().Named((2, "abc.ido.example.")), ["$.extensions.subjectAltName.DNS", "$.extensions.subjectAltName.DNS"]),
        ["name with a NUL in it"] = (Text(), () => new MadeRequest().Named((2, "abc.ido.example\0.bank.example")), ["$.extensions.subjectAltName.DNS", "$.extensions.subjectAltName.DNS"]),
        ["the DNS name as e-mail"] = (Text(), () => new MadeRequest().Named((1, "abc.ido.example")), ["$.extensions.subjectAltName.DNS", "$.extensions.subjectAltName.Email"]),
        ["an address as well"] = (Text(), () => new MadeRequest().Named((2, "abc.ido.example"), (7, "")), ["$.extensions.subjectAltName"]),
        ["an otherName as well"] = (Text(), () => new MadeRequest().Named((2, "abc.ido.example"), (0, "")), ["$.extensions.subjectAltName"]),
        ["a directoryName as well"] = (Text(), () => new MadeRequest().Named((2, "abc.ido.example"), (4, "")), ["$.extensions.subjectAltName"]),
        ["an unknown kind as well"] = (Text(), () => new MadeRequest().Named((2, "abc.ido.example"), (17, "")), ["$.extensions.subjectAltName"]),
        ["an e-mail name as well"] = (Text(), () => new MadeRequest().Named((2, "abc.ido.example"), (1, "a@ido.example")), ["$.extensions.subjectAltName.Email"]),
        ["a URI as well"] = (Text(), () => new MadeRequest().Named((2, "abc.ido.example"), (6, "sip:a@ido.example")), ["$.extensions.subjectAltName.URI"]),
        ["all kinds of names"] = (Text(names: """{"DNS":["abc.ido.example"],"Email":["a@ido.example"],"URI":["sip:a@ido.example"]}"""), () => new MadeRequest().Named((6, "sip:a@ido.example"), (1, "a@ido.example"), (2, "abc.ido.example")), []),
        ["e-mail differs in case"] = (Text(names: """{"Email":["a@ido.example"]}"""), () => new MadeRequest().Named((1, "A@ido.example")), ["$.extensions.subjectAltName.Email", "$.extensions.subjectAltName.Email"]),
        ["no subjectAltName"] = (Text(), () => new MadeRequest().With(AltNames, null), ["$.extensions.subjectAltName.DNS"]),
        ["empty subjectAltName"] = (Text(names: """{"DNS":["*"]}"""), () => new MadeRequest().Named(), ["$.extensions.subjectAltName"]),
        ["damaged subjectAltName"] = (Text(), () => new MadeRequest().With(AltNames, [0x04, 0x00]), ["$"]),
        ["rubbish behind the subjectAltName"] = (Text(), () => new MadeRequest().With(AltNames, [.. Names((2, "abc.ido.example")), 0x05, 0x00]), ["$"]),

        ["a chosen name"] = (Text(names: """{"DNS":["**"]}"""), () => new MadeRequest().Named((2, "X.ido.example")), []),
        ["a chosen name besides a literal"] = (Text(names: """{"DNS":["abc.ido.example","**"]}"""), () => new MadeRequest().Named((2, "x.ido.example"), (2, "abc.ido.example")), []),
        ["no name chosen"] = (Text(names: """{"DNS":["abc.ido.example","**"]}"""), () => new(), ["$.extensions.subjectAltName.DNS"]),
        ["one of two chosen"] = (Text(names: """{"DNS":["**","**"]}"""), () => new(), ["$.extensions.subjectAltName.DNS"]),
        ["more names than choices"] = (Text(names: """{"DNS":["**"]}"""), () => new MadeRequest().Named((2, "x.ido.example"), (2, "y.ido.example")), ["$.extensions.subjectAltName.DNS"]),
        ["optional name not chosen"] = (Text(names: """{"DNS":["abc.ido.example","*"]}"""), () => new(), []),
        ["optional name chosen"] = (Text(names: """{"DNS":["abc.ido.example","*"]}"""), () => new MadeRequest().Named((2, "abc.ido.example"), (2, "y.ido.example")), []),
        ["two names for one optional"] = (Text(names: """{"DNS":["abc.ido.example","*"]}"""), () => new MadeRequest().Named((2, "abc.ido.example"), (2, "x.ido.example"), (2, "y.ido.example")), ["$.extensions.subjectAltName.DNS"]),
        ["only optional names, and no extension"] = (Text(names: """{"DNS":["*"]}"""), () => new MadeRequest().With(AltNames, null), []),
        ["a chosen name that is not delegated"] = (Text(names: """{"DNS":["**"]}"""), () => new MadeRequest().Named((2, "www.bank.example")), ["$.extensions.subjectAltName.DNS"]),
        ["a chosen wildcard that is not delegated"] = (Text(names: """{"DNS":["**"]}"""), () => new MadeRequest().Named((2, "*.ido.example")), ["$.extensions.subjectAltName.DNS"]),
        ["a chosen name below a delegated wildcard"] = (Text(names: """{"DNS":["**"]}"""), () => new MadeRequest().Named((2, "eu.cdn.ido.example")), []),
        ["a chosen name two labels below a delegated wildcard"] = (Text(names: """{"DNS":["**"]}"""), () => new MadeRequest().Named((2, "a.eu.cdn.ido.example")), ["$.extensions.subjectAltName.DNS"]),
        ["a chosen name that is none"] = (Text(names: """{"DNS":["**"]}"""), () => new MadeRequest().Named((2, "a b.ido.example")), ["$.extensions.subjectAltName.DNS"]),
        ["the marks themselves as a name"] = (Text(names: """{"DNS":["**"]}"""), () => new MadeRequest().Named((2, "**")), ["$.extensions.subjectAltName.DNS"]),

        ["a key usage too many"] = (Text(), () => new MadeRequest().With(KeyUsage, Usage(0, 2)), ["$.extensions.keyUsage"]),
        ["another key usage"] = (Text(), () => new MadeRequest().With(KeyUsage, Usage(1)), ["$.extensions.keyUsage", "$.extensions.keyUsage"]),
        ["keyCertSign"] = (Text(), () => new MadeRequest().With(KeyUsage, Usage(0, 5)), ["$.extensions.keyUsage"]),
        ["a bit that has no name"] = (Text(), () => new MadeRequest().With(KeyUsage, Usage(0, 9)), ["$.extensions.keyUsage"]),
        ["decipherOnly, in the second octet"] = (WithUsage("""["digitalSignature","keyAgreement","decipherOnly"]"""), () => new MadeRequest().With(KeyUsage, Usage(0, 4, 8)), []),
        ["no key usage"] = (Text(), () => new MadeRequest().With(KeyUsage, null), ["$.extensions.keyUsage"]),
        ["damaged key usage"] = (Text(), () => new MadeRequest().With(KeyUsage, [0x03, 0x00]), ["$.extensions.keyUsage"]),
        ["key usage that the template lacks"] = (Text(usages: """,  "extendedKeyUsage":["serverAuth"]"""), () => new(), ["$.extensions"]),

        ["purposes in another order"] = (WithPurposes("""["serverAuth","clientAuth"]"""), () => new MadeRequest().With(Purposes, Oids("1.3.6.1.5.5.7.3.2", "1.3.6.1.5.5.7.3.1")), []),
        ["a purpose too many"] = (Text(), () => new MadeRequest().With(Purposes, Oids("1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2")), ["$.extensions.extendedKeyUsage"]),
        ["a purpose too few"] = (WithPurposes("""["serverAuth","clientAuth"]"""), () => new(), ["$.extensions.extendedKeyUsage"]),
        ["a purpose twice"] = (Text(), () => new MadeRequest().With(Purposes, Oids("1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.1")), ["$.extensions.extendedKeyUsage"]),
        ["anyExtendedKeyUsage instead"] = (Text(), () => new MadeRequest().With(Purposes, Oids("2.5.29.37.0")), ["$.extensions.extendedKeyUsage", "$.extensions.extendedKeyUsage"]),
        ["a purpose by its OID"] = (WithPurposes("""["1.3.6.1.5.5.7.3.1","2.999.1"]"""), () => new MadeRequest().With(Purposes, Oids("1.3.6.1.5.5.7.3.1", "2.999.1")), []),
        ["no purposes"] = (Text(), () => new MadeRequest().With(Purposes, null), ["$.extensions.extendedKeyUsage"]),
        ["damaged purposes"] = (Text(), () => new MadeRequest().With(Purposes, [0x30, 0x01, 0x06]), ["$.extensions.extendedKeyUsage"]),

        ["basicConstraints"] = (Text(), () => new MadeRequest().With("2.5.29.19", [0x30, 0x03, 0x01, 0x01, 0xff]), ["$.extensions"]),
        ["must-staple"] = (Text(), () => new MadeRequest().With("1.3.6.1.5.5.7.1.24", [0x30, 0x03, 0x02, 0x01, 0x05]), ["$.extensions"]),
        ["subjectKeyIdentifier"] = (Text(), () => new MadeRequest().With("2.5.29.14", [0x04, 0x01, 0x01]), ["$.extensions"]),
        ["an extension twice"] = (Text(), () => new() { Extensions = [.. new MadeRequest().Extensions, (KeyUsage, true, Usage(0))] }, ["$.extensions.keyUsage"]),
        ["two subjectAltNames"] = (Text(), () => new() { Extensions = [.. new MadeRequest().Extensions, (AltNames, null, Names((2, "www.bank.example")))] }, ["$.extensions.subjectAltName"]),
        ["extensions in two attributes"] = (Text(), () => new() { ExtensionRequests = 2 }, ["$.extensions"]),
        ["no extensions at all"] = (Text(), () => new() { ExtensionRequests = 0 }, ["$.extensions.subjectAltName.DNS", "$.extensions.keyUsage", "$.extensions.extendedKeyUsage"]),
        ["a challenge password"] = (Text(), () => new() { Attributes = [("1.2.840.113549.1.9.7", Write(writer => writer.WriteCharacterString(UniversalTagNumber.UTF8String, "secret")))] }, ["$"]),
        ["Microsoft's extension request"] = (Text(), () => new() { Attributes = [("1.3.6.1.4.1.311.2.1.14", Write(writer => writer.WriteNull()))] }, ["$"]),

        ["figure 10"] = (Figure10, () => new MadeRequest { Key = Rsa2048 }.From((Country, "CA"), (State, "Ontario"), (Locality, "Ottawa")).With(Purposes, Oids("1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2")), []),
        ["figure 10, everything wrong"] = (Figure10, () => new MadeRequest { Key = Rsa3072 }.From((Country, "FR"), (Organization, "Evil")).Named((2, "www.bank.example")).With(KeyUsage, Usage(5)),
            ["$.keyTypes", "$.subject", "$.subject.country", "$.subject.stateOrProvince", "$.subject.locality", "$.extensions.subjectAltName.DNS", "$.extensions.subjectAltName.DNS", "$.extensions.keyUsage", "$.extensions.keyUsage", "$.extensions.extendedKeyUsage"]),
    };

    public static TheoryData<string> CaseNames => [.. Cases.Keys];

    [Theory, MemberData(nameof(CaseNames))]
    public void Request_IsJudgedAsTheTemplateSays(string name)
    {
        var (json, request, places) = Cases[name];
        var verdict = Check(CsrTemplate.Parse(json), request().Encode());
        Assert.Equal(places, verdict.Findings.Select(finding => finding.Where));
        Assert.Equal(places.Length == 0, verdict.IsAllowed);
        Assert.All(verdict.Findings, finding => Assert.InRange(finding.Text.Length, 10, 300));
    }

    [Fact]
    public void Request_IsRefused_WhenItsSignatureIsAnotherKeys()
    {
        var request = new MadeRequest().Encode();
        request[^5] ^= 1;
        var verdict = Check(Make(), request);
        Assert.Equal((null, false), (verdict.Request, verdict.IsAllowed));
        Assert.Contains("signature", Assert.Single(verdict.Findings).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Request_IsRefused_WhenItsKeyIsOfTheTypeForPssAlone()
    {
        var request = new MadeRequest { Key = Rsa2048 }.Encode();
        var at = request.AsSpan().IndexOf(Convert.FromHexString("2a864886f70d010101"));
        request[at + 8] = 10; // rsaEncryption becomes id-RSASSA-PSS.
        Assert.False(Check(Make(SampleTemplates.Rsa), request).IsAllowed);
    }

    [Fact]
    public void Request_IsRefusedBySignature_WhenItIsPss()
    {
        var request = new CertificateRequest(new X500DistinguishedName(""), (RSA)Rsa2048, HashAlgorithmName.SHA256, RSASignaturePadding.Pss).CreateSigningRequest();
        Assert.Contains("PSS", Assert.Single(Check(Make(SampleTemplates.Rsa), request).Findings).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Request_IsTakenAsPem()
    {
        var encoded = new MadeRequest().Encode();
        var verdict = Check(Make(), Encoding.ASCII.GetBytes(PemEncoding.WriteString("CERTIFICATE REQUEST", encoded)));
        Assert.True(verdict.IsAllowed);
        Assert.Equal(encoded, verdict.Encoded);
        Assert.Equal("EC P-256", verdict.Request!.KeyDescription);
    }

    [Fact]
    public void Finding_NamesTheIdentifier_WhenItIsAboutAName()
    {
        var verdict = Check(Make(), new MadeRequest().Named((2, "WWW.bank.example")).With(KeyUsage, null).Encode());
        Assert.Equal(["abc.ido.example", "www.bank.example", null], verdict.Findings.Select(finding => finding.DnsName));
    }

    [Fact]
    public void Legitimacy_IsAskedOnlyForNamesThatTheConsumerChose()
    {
        List<string> asked = [];
        CsrTemplateCheck.Check(Make(names: """{"DNS":["abc.ido.example","**"]}"""), new MadeRequest().Named((2, "abc.ido.example"), (2, "X.ido.example")).Encode(), name =>
        {
            asked.Add(name);
            return true;
        });
        Assert.Equal(["x.ido.example"], asked);
    }

    [Theory]
    [InlineData("abc.ido.example", "abc.ido.example x.ido.example", "x.ido.example")]
    [InlineData("abc.ido.example *", "abc.ido.example x.ido.example", null)]
    [InlineData("abc.ido.example *", "abc.ido.example", null)]
    [InlineData("abc.ido.example **", "abc.ido.example", "")]
    [InlineData("**", "www.bank.example", "www.bank.example")]
    [InlineData("old.ido.example", "old.ido.example", "old.ido.example")]
    [InlineData("abc.ido.example", "", "abc.ido.example")]
    public void Identifiers_AreJudgedLikeTheNamesOfARequest(string template, string identifiers, string? wrong)
    {
        var names = new TemplateNames(WithNames(template), Delegated);
        var findings = names.Check([.. identifiers.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(AcmeIdentifier.Dns)]);
        Assert.Equal(wrong is null ? [] : new[] { wrong }, findings.Select(finding => finding.DnsName ?? ""));
    }

    [Fact]
    public void Identifiers_OfAddresses_AreRefused() => Assert.Single(new TemplateNames(WithNames("abc.ido.example"), Delegated).Check([AcmeIdentifier.Dns("abc.ido.example"), AcmeIdentifier.Ip("192.0.2.1")]));

    [Fact]
    public void Names_AreLaidOutForAnOrder()
    {
        var names = new TemplateNames(WithNames("abc.ido.example lost.example ** *"), Delegated);
        Assert.Equal(["abc.ido.example", "lost.example"], names.Required);
        Assert.Equal(["x.ido.example", "y.ido.example", "*.cdn.ido.example"], names.Choosable);
        Assert.Equal((1, 2), names.Choices);
        Assert.Equal(["lost.example"], names.Undelegated);
        Assert.Empty(new TemplateNames(WithNames("abc.ido.example"), Delegated).Choosable);
    }

    [Fact]
    public void Order_AndRequest_HaveTheSameNames()
    {
        var request = Check(Make(), new MadeRequest().From((CommonName, "WWW.bank.example")).Encode()).Request!;
        Assert.Equal(["www.bank.example", "x.ido.example"], TemplateNames.Compare([AcmeIdentifier.Dns("abc.ido.example"), AcmeIdentifier.Dns("x.ido.example")], request).Select(finding => finding.DnsName));
        Assert.Empty(TemplateNames.Compare([AcmeIdentifier.Dns("www.bank.example"), AcmeIdentifier.Dns("abc.ido.example")], request));
    }

    private static CsrTemplate WithNames(string names) => Make(names: $"{{\"DNS\":[{string.Join(',', names.Split(' ').Select(name => $"\"{name}\""))}]}}");

    private static CsrVerdict Check(CsrTemplate template, byte[] request) => CsrTemplateCheck.Check(template, request, new TemplateNames(template, Delegated).Allows);
}
