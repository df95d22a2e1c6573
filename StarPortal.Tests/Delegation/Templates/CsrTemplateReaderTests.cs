using System.Text.Json;
using StarPortal.Core.Delegation;
using StarPortal.Core.Shared;
using static StarPortal.Tests.Delegation.SampleTemplates;

namespace StarPortal.Tests.Delegation;

/// <summary>The rules of RFC 9115 appendix A, one by one, and what an author is told.</summary>
[Trait("Category", "Unit")]
public sealed class CsrTemplateReaderTests
{
    public static TheoryData<string> Good =>
    [
        Figure10, Text(), Text(Rsa), Text($"{Rsa},{P256}"),
        WithKey("\"rsaEncryption\"", "\"PublicKeyLength\":4096", "\"sha384WithRSAEncryption\""), WithKey("\"rsaEncryption\"", "\"PublicKeyLength\":3072", "\"sha512WithRSAEncryption\""),
        WithKey("\"id-ecPublicKey\"", "\"namedCurve\":\"secp384r1\"", "\"ecdsa-with-SHA384\""), WithKey("\"id-ecPublicKey\"", "\"namedCurve\":\"secp521r1\"", "\"ecdsa-with-SHA512\""),
        Text(subject: """{"country":"CA"}"""), Text(subject: """{"commonName":"*"}"""), Text(subject: """{"commonName":"ABC.ido.example"}"""),
        Text(subject: """{"country":"*","stateOrProvince":"**","locality":"Québec","organization":"Example, Inc.","organizationalUnit":"*","emailAddress":"a@ido.example","commonName":"**"}"""),
        Text(names: """{"DNS":["*.ido.example"]}"""), Text(names: """{"DNS":["ABC.ido.example","xn--bcher-kva.example"]}"""), WithUsage("""["digitalSignature","nonRepudiation"]"""),
        Text(Rsa, usages: """,  "keyUsage":["digitalSignature","keyEncipherment","dataEncipherment"],"extendedKeyUsage":["serverAuth"]"""),
        WithUsage("""["digitalSignature","keyAgreement","encipherOnly"]"""), WithPurposes("""["serverAuth","1.3.6.1.5.5.7.3.17","2.999.0"]"""),
        WithPurposes("""["codeSigning","timeStamping","serverAuth"]"""), Text(usages: """,  "extendedKeyUsage":["serverAuth"]"""),
    ];

    [Theory, MemberData(nameof(Good))]
    public void GoodTemplate_IsReadWithoutAFinding(string json)
    {
        var (template, findings) = CsrTemplateReader.Read(json);
        Assert.Empty(findings);
        Assert.NotNull(template);
    }

    [Theory, MemberData(nameof(Good))]
    public void GoodTemplate_SurvivesTheRoundTrip(string json)
    {
        var canonical = CsrTemplate.Parse(json).ToJson();
        Assert.Equal(canonical, CsrTemplate.Parse(canonical).ToJson());
        Assert.Equal(canonical, CsrTemplate.Parse(CsrTemplate.Parse(json).ToJson(indented: true)).ToJson());
    }

    [Fact]
    public void Figure10_IsItsOwnCanonicalForm() => Assert.Equal(Figure10, CsrTemplate.Parse(Figure10).ToJson(indented: true));

    /// <summary>What is wrong with it, where, and a word of the message.</summary>
    public static TheoryData<string, string, string> Bad => new()
    {
        { "", "$", "not JSON" }, { "null", "$", "object" }, { "[]", "$", "object" }, { "{", "$", "line 1" }, { "{}x", "$", "not JSON" },
        { Text() + new string(' ', CsrTemplateReader.MaxLength), "$", "at most" }, { new string('[', 100), "$", "not JSON" },
        { "{\"keyTypes\":[" + P256 + "]}", "$", "extensions is missing" }, { """{"extensions":{"subjectAltName":{"DNS":["a.example"]}}}""", "$", "keyTypes is missing" },
        { Text().Insert(1, "\"version\":1,"), "$.version", "no member 'version'" }, { Text().Replace("\"keyTypes\"", "\"keytypes\"", StringComparison.Ordinal), "$.keytypes", "Write keyTypes." },
        { Text().Insert(1, "\"keyTypes\":[" + Rsa + "],"), "$.keyTypes", "twice" }, { Text(subject: """{"country":"CA","country":"CA"}"""), "$.subject.country", "twice" },
        { Text().Insert(1, "\"\\ud800\":1,"), "$.?", "no member" },

        { Text(""), "$.keyTypes", "empty" }, { Text("1"), "$.keyTypes[0]", "object" }, { Text().Replace($"[{P256}]", P256, StringComparison.Ordinal), "$.keyTypes", "list" },
        { Text("{}"), "$.keyTypes[0]", "PublicKeyType is missing" }, { Text("""{"PublicKeyType":"rsaEncryption"}"""), "$.keyTypes[0]", "PublicKeyLength is missing" },
        { Text("""{"PublicKeyType":"rsaEncryption","PublicKeyLength":2048}"""), "$.keyTypes[0]", "SignatureType is missing" },
        { Text("""{"PublicKeyType":"id-ecPublicKey","SignatureType":"ecdsa-with-SHA256"}"""), "$.keyTypes[0]", "namedCurve is missing" },
        { Text("""{"PublicKeyType":"id-ecPublicKey","namedCurve":"secp256r1"}"""), "$.keyTypes[0]", "SignatureType is missing" },
        { Text("""{"PublicKeyLength":2048,"SignatureType":"sha256WithRSAEncryption"}"""), "$.keyTypes[0]", "PublicKeyType is missing" },
        { Text("""{"PublicKeyType":"rsaEncryption","PublicKeyLength":2048,"namedCurve":"secp256r1","SignatureType":"sha256WithRSAEncryption"}"""), "$.keyTypes[0].namedCurve", "other type" },
        { Text("""{"PublicKeyType":"id-ecPublicKey","PublicKeyLength":256,"namedCurve":"secp256r1","SignatureType":"ecdsa-with-SHA256"}"""), "$.keyTypes[0].PublicKeyLength", "other type" },
        { Text("""{"PublicKeyType":"rsaEncryption","PublicKeyLength":2048,"SignatureType":"sha256WithRSAEncryption","PublicExponent":3}"""), "$.keyTypes[0].PublicExponent", "no member" },
        { WithKey("\"id-Ed25519\"", "\"namedCurve\":\"secp256r1\"", "\"ecdsa-with-SHA256\""), "$.keyTypes[0].PublicKeyType", "rsaEncryption, id-ecPublicKey" },
        { WithKey("\"id-RSASSA-PSS\"", "\"PublicKeyLength\":2048", "\"sha256WithRSAandMGF1\""), "$.keyTypes[0].PublicKeyType", "not known" },
        { WithKey("\"id-ecPublicKey\"", "\"namedCurve\":\"P-256\"", "\"ecdsa-with-SHA256\""), "$.keyTypes[0].namedCurve", "secp256r1" },
        { WithKey("\"id-ecPublicKey\"", "\"namedCurve\":\"secp256k1\"", "\"ecdsa-with-SHA256\""), "$.keyTypes[0].namedCurve", "not known" },
        { WithKey("\"id-ecPublicKey\"", "\"namedCurve\":\"**\"", "\"ecdsa-with-SHA256\""), "$.keyTypes[0].namedCurve", "not known" },
        { WithKey("\"id-ecPublicKey\"", "\"namedCurve\":\"secp256r1\"", "\"ecdsa-with-SHA384\""), "$.keyTypes[0].SignatureType", "write ecdsa-with-SHA256" },
        { WithKey("\"id-ecPublicKey\"", "\"namedCurve\":\"secp521r1\"", "\"ecdsa-with-SHA256\""), "$.keyTypes[0].SignatureType", "write ecdsa-with-SHA512" },
        { WithKey("\"id-ecPublicKey\"", "\"namedCurve\":\"secp256r1\"", "\"sha256WithRSAEncryption\""), "$.keyTypes[0].SignatureType", "not known" },
        { WithKey("\"rsaEncryption\"", "\"PublicKeyLength\":2048", "\"ecdsa-with-SHA256\""), "$.keyTypes[0].SignatureType", "not known" },
        { WithKey("\"rsaEncryption\"", "\"PublicKeyLength\":2048", "\"sha1WithRSAEncryption\""), "$.keyTypes[0].SignatureType", "sha256WithRSAEncryption" },
        { WithKey("\"rsaEncryption\"", "\"PublicKeyLength\":2048", "\"SHA256WithRSAEncryption\""), "$.keyTypes[0].SignatureType", "Write sha256WithRSAEncryption." },
        { WithKey("\"rsaEncryption\"", "\"PublicKeyLength\":\"2048\"", "\"sha256WithRSAEncryption\""), "$.keyTypes[0].PublicKeyLength", "whole number" },
        { WithKey("\"rsaEncryption\"", "\"PublicKeyLength\":-2048", "\"sha256WithRSAEncryption\""), "$.keyTypes[0].PublicKeyLength", "whole number" },
        { WithKey("\"rsaEncryption\"", "\"PublicKeyLength\":2048.5", "\"sha256WithRSAEncryption\""), "$.keyTypes[0].PublicKeyLength", "whole number" },
        { WithKey("\"rsaEncryption\"", "\"PublicKeyLength\":0", "\"sha256WithRSAEncryption\""), "$.keyTypes[0].PublicKeyLength", "1024 to 16384" },
        { WithKey("\"rsaEncryption\"", "\"PublicKeyLength\":1e99", "\"sha256WithRSAEncryption\""), "$.keyTypes[0].PublicKeyLength", "whole number" },
        { WithKey("\"rsaEncryption\"", "\"PublicKeyLength\":18446744073709551615", "\"sha256WithRSAEncryption\""), "$.keyTypes[0].PublicKeyLength", "1024 to 16384" },

        { Text(subject: "{}"), "$.subject", "empty" }, { Text(subject: "null"), "$.subject", "object" }, { Text(subject: "\"**\""), "$.subject", "object" },
        { Text(subject: """{"country":""}"""), "$.subject.country", "empty" }, { Text(subject: """{"country":"Canada"}"""), "$.subject.country", "two letters" },
        { Text(subject: """{"country":null}"""), "$.subject.country", "text" }, { Text(subject: """{"commonName":["a.example"]}"""), "$.subject.commonName", "text" },
        { Text(subject: """{"title":"Dr"}"""), "$.subject.title", "no member" }, { Text(subject: """{"C":"CA"}"""), "$.subject.C", "country" },
        { Text(subject: """{"emailAddress":"nobody"}"""), "$.subject.emailAddress", "e-mail" }, { Text(subject: """{"locality":"a\nb"}"""), "$.subject.locality", "can't be seen" },
        { Text(subject: """{"locality":"a\u202eb"}"""), "$.subject.locality", "can't be seen" }, { Text(subject: """{"locality":"\udc00"}"""), "$.subject.locality", "surrogate" },
        { Text(subject: $"{{\"organization\":\"{new string('o', 65)}\"}}"), "$.subject.organization", "at most 64" },

        { """{"keyTypes":[""" + P256 + """],"extensions":{}}""", "$.extensions", "subjectAltName is missing" }, { """{"keyTypes":[""" + P256 + """],"extensions":[]}""", "$.extensions", "object" },
        { Text(usages: """, "basicConstraints":{"cA":true}"""), "$.extensions.basicConstraints", "no member" },
        { Text(names: "{}"), "$.extensions.subjectAltName", "empty" }, { Text(names: "[]"), "$.extensions.subjectAltName", "object" }, { Text(names: """{"DNS":[]}"""), "$.extensions.subjectAltName.DNS", "empty" },
        { Text(names: """{"DNS":"abc.ido.example"}"""), "$.extensions.subjectAltName.DNS", "list" }, { Text(names: """{"DNS":[""]}"""), "$.extensions.subjectAltName.DNS[0]", "empty" },
        { Text(names: """{"DNS":[{}]}"""), "$.extensions.subjectAltName.DNS[0]", "text" }, { Text(names: """{"dns":["a.example"]}"""), "$.extensions.subjectAltName.dns", "Write DNS." },
        { Text(names: """{"IP":["192.0.2.1"]}"""), "$.extensions.subjectAltName.IP", "no member" }, { Text(names: """{"DNS":["192.0.2.1"]}"""), "$.extensions.subjectAltName.DNS[0]", "number" },
        { Text(names: """{"DNS":["abc.ido.example."]}"""), "$.extensions.subjectAltName.DNS[0]", "Write abc.ido.example." }, { Text(names: """{"DNS":["https://abc.ido.example/"]}"""), "$.extensions.subjectAltName.DNS[0]", "Write abc.ido.example." },
        { Text(names: """{"DNS":["bücher.example"]}"""), "$.extensions.subjectAltName.DNS[0]", "Write xn--bcher-kva.example." }, { Text(names: """{"DNS":["***"]}"""), "$.extensions.subjectAltName.DNS[0]", "not a DNS name" },
        { Text(names: """{"DNS":["*abc.example"]}"""), "$.extensions.subjectAltName.DNS[0]", "not a DNS name" }, { Text(names: """{"DNS":["a.*.example"]}"""), "$.extensions.subjectAltName.DNS[0]", "not a DNS name" },
        { Text(names: """{"DNS":["**.example"]}"""), "$.extensions.subjectAltName.DNS[0]", "not a DNS name" }, { Text(names: """{"DNS":["a.example\u0000.evil.example"]}"""), "$.extensions.subjectAltName.DNS[0]", "not a DNS name" },
        { Text(names: """{"DNS":["a.example","A.example"]}"""), "$.extensions.subjectAltName.DNS[1]", "twice" },
        { Text(names: """{"Email":["*"]}"""), "$.extensions.subjectAltName.Email[0]", "can't be left" }, { Text(names: """{"URI":["**"]}"""), "$.extensions.subjectAltName.URI[0]", "can't be left" },
        { Text(names: """{"Email":[]}"""), "$.extensions.subjectAltName.Email", "empty" }, { Text(names: """{"URI":[]}"""), "$.extensions.subjectAltName.URI", "empty" },
        { Text(names: """{"Email":["nobody"]}"""), "$.extensions.subjectAltName.Email[0]", "e-mail" }, { Text(names: """{"URI":["/path"]}"""), "$.extensions.subjectAltName.URI[0]", "URI" },
        { Text(names: $"{{\"DNS\":[{string.Join(',', Enumerable.Range(0, 101).Select(i => $"\"n{i}.example\""))}]}}"), "$.extensions.subjectAltName.DNS", "more than 100" },

        { WithUsage("[]"), "$.extensions.keyUsage", "empty" }, { WithUsage("\"digitalSignature\""), "$.extensions.keyUsage", "list" }, { WithUsage("""["*"]"""), "$.extensions.keyUsage[0]", "not known" },
        { WithUsage("""["DigitalSignature"]"""), "$.extensions.keyUsage[0]", "Write digitalSignature." }, { WithUsage("""["crlSign"]"""), "$.extensions.keyUsage[0]", "Write cRLSign." }, { WithUsage("[1]"), "$.extensions.keyUsage[0]", "text" },
        { WithPurposes("[]"), "$.extensions.extendedKeyUsage", "empty" }, { WithPurposes("""["**"]"""), "$.extensions.extendedKeyUsage[0]", "not known" }, { WithPurposes("""["server"]"""), "$.extensions.extendedKeyUsage[0]", "serverAuth" },
        { WithPurposes("""["ServerAuth"]"""), "$.extensions.extendedKeyUsage[0]", "Write serverAuth." }, { WithPurposes("""["1.3.6gotcha!.1"]"""), "$.extensions.extendedKeyUsage[0]", "not known" },
        { WithPurposes("""["1.3.06.1"]"""), "$.extensions.extendedKeyUsage[0]", "not known" }, { WithPurposes("""["3.1.2"]"""), "$.extensions.extendedKeyUsage[0]", "not known" }, { WithPurposes("""["1"]"""), "$.extensions.extendedKeyUsage[0]", "not known" },
        { WithPurposes("""["1.40.1"]"""), "$.extensions.extendedKeyUsage[0]", "not known" }, { WithPurposes("""["1.3.6."]"""), "$.extensions.extendedKeyUsage[0]", "not known" },
    };

    [Theory, MemberData(nameof(Bad))]
    public void BadTemplate_IsRefusedWhereItIsWrong(string json, string path, string word)
    {
        var (template, findings) = CsrTemplateReader.Read(json);
        Assert.Null(template);
        CsrTemplateFinding[] errors = [.. findings.Where(finding => finding.Severity is TemplateSeverity.Error)];
        Assert.InRange(errors.Length, 1, 2); // A misspelt member is missing as well.
        Assert.Contains(errors, error => error.Path == path && error.Text.Contains(word, StringComparison.Ordinal));
        Assert.All(errors, error => Assert.InRange(error.Text.Length, 10, 300));
    }

    [Fact]
    public void EveryFault_IsFoundInOneReading()
    {
        var (_, findings) = CsrTemplateReader.Read("""
            { "keyTypes": [{ "PublicKeyType": "dsa" }, { "PublicKeyType": "rsaEncryption", "PublicKeyLength": 1.5, "SignatureType": "md5" }],
              "subject": { "country": "", "surname": "x" }, "extensions": { "keyUsage": ["sign"], "extendedKeyUsage": [7] }, "more": true }
            """);
        Assert.Equal(
            ["$.more", "$.keyTypes[0].PublicKeyType", "$.keyTypes[1].SignatureType", "$.keyTypes[1].PublicKeyLength", "$.subject.surname", "$.subject.country", "$.extensions", "$.extensions.keyUsage[0]", "$.extensions.extendedKeyUsage[0]"],
            findings.Select(finding => finding.Path));
    }

    public static TheoryData<string, string, string> Doubtful => new()
    {
        { WithKey("\"rsaEncryption\"", "\"PublicKeyLength\":1024", "\"sha256WithRSAEncryption\""), "$.keyTypes[0].PublicKeyLength", "too weak" },
        { WithKey("\"rsaEncryption\"", "\"PublicKeyLength\":16384", "\"sha256WithRSAEncryption\""), "$.keyTypes[0].PublicKeyLength", "slow" },
        { WithKey("\"rsaEncryption\"", "\"PublicKeyLength\":2049", "\"sha256WithRSAEncryption\""), "$.keyTypes[0].PublicKeyLength", "multiple of eight" },
        { WithKey("\"rsaEncryption\"", "\"PublicKeyLength\":2048", "\"sha256WithRSAandMGF1\""), "$.keyTypes[0].SignatureType", "Write sha256WithRSAEncryption" },
        { WithKey("\"rsaEncryption\"", "\"PublicKeyLength\":2048", "\"sha384WithRSAandMGF1\""), "$.keyTypes[0].SignatureType", "Write sha384WithRSAEncryption" },
        { WithKey("\"rsaEncryption\"", "\"PublicKeyLength\":2048", "\"sha512WithRSAandMGF1\""), "$.keyTypes[0].SignatureType", "PSS" },
        { Text($"{P256},{P256}"), "$.keyTypes[1]", "twice" },
        { Text(subject: """{"commonName":"other.example"}"""), "$.subject.commonName", "not among the DNS names" }, { Text(subject: """{"organization":"***"}"""), "$.subject.organization", "stands for itself" },
        { Text(names: """{"DNS":["**"]}"""), "$.extensions.subjectAltName.DNS[0]", "chooses this name" }, { Text(names: """{"DNS":["a.example","*"]}"""), "$.extensions.subjectAltName.DNS[1]", "chooses this name" },
        { Text(names: """{"DNS":["*","*"]}"""), "$.extensions.subjectAltName", "Every name is optional" }, { Text(names: """{"DNS":["localhost"]}"""), "$.extensions.subjectAltName.DNS[0]", "single label" },
        { Text(names: """{"DNS":["a.example"],"Email":["a@ido.example"]}"""), "$.extensions.subjectAltName.Email", "no challenge" }, { Text(names: """{"DNS":["a.example"],"URI":["sip:voice@ido.example"]}"""), "$.extensions.subjectAltName.URI", "no challenge" },
        { WithUsage("""["digitalSignature","digitalSignature"]"""), "$.extensions.keyUsage[1]", "twice" }, { WithUsage("""["digitalSignature","keyCertSign"]"""), "$.extensions.keyUsage[1]", "authorities" },
        { WithUsage("""["digitalSignature","cRLSign"]"""), "$.extensions.keyUsage[1]", "authorities" }, { WithUsage("""["digitalSignature","keyEncipherment"]"""), "$.extensions.keyUsage", "ECDSA" },
        { Text(Rsa, usages: """,  "keyUsage":["digitalSignature","keyAgreement"],"extendedKeyUsage":["serverAuth"]"""), "$.extensions.keyUsage", "RSA" },
        { WithUsage("""["digitalSignature","encipherOnly"]"""), "$.extensions.keyUsage", "without keyAgreement" }, { WithUsage("""["digitalSignature","keyAgreement","encipherOnly","decipherOnly"]"""), "$.extensions.keyUsage", "contradict" },
        { WithUsage("""["nonRepudiation"]"""), "$.extensions.keyUsage", "TLS 1.3" }, { Text(usages: ""), "$.extensions", "no extendedKeyUsage" }, { WithPurposes("""["clientAuth"]"""), "$.extensions.extendedKeyUsage", "no serverAuth" },
        { WithPurposes("""["serverAuth","emailProtection"]"""), "$.extensions.extendedKeyUsage", "Email" }, { WithPurposes("""["serverAuth","2.5.29.37.0"]"""), "$.extensions.extendedKeyUsage[1]", "everything" },
        { WithPurposes("""["serverAuth","OCSPSigning"]"""), "$.extensions.extendedKeyUsage[1]", "authorities" }, { WithPurposes("""["serverAuth","1.3.6.1.5.5.7.3.1"]"""), "$.extensions.extendedKeyUsage[1]", "twice" },
    };

    [Theory, MemberData(nameof(Doubtful))]
    public void DoubtfulTemplate_IsReadWithAWarning(string json, string path, string word)
    {
        var (template, findings) = CsrTemplateReader.Read(json);
        Assert.NotNull(template);
        Assert.All(findings, finding => Assert.Equal(TemplateSeverity.Warning, finding.Severity));
        Assert.Contains(findings, finding => finding.Path == path && finding.Text.Contains(word, StringComparison.Ordinal));
    }

    [Fact]
    public void Curves_HaveTheirRightOids() =>
        Assert.Equal(["1.2.840.10045.3.1.7", "1.3.132.0.34", "1.3.132.0.35"], TemplateCurve.All.Select(curve => curve.Oid));

    [Fact]
    public void Parse_SaysTheFirstError_WhenThereIsOne()
    {
        var refused = Assert.Throws<ServiceException>(() => CsrTemplate.Parse(Text(subject: """{"organization":"***","country":""}""")));
        Assert.Equal((ErrorKind.Invalid, TemplateErrors.Field), (refused.Kind, refused.Field));
        Assert.StartsWith("$.subject.country: ", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void CanonicalJson_DoesNotDependOnTheOrderOfMembers()
    {
        var turned = """{"extensions":{"extendedKeyUsage":["serverAuth"],"keyUsage":["digitalSignature"],"subjectAltName":{"DNS":["abc.ido.example"]}},"keyTypes":[{"SignatureType":"ecdsa-with-SHA256","namedCurve":"secp256r1","PublicKeyType":"id-ecPublicKey"}]}""";
        Assert.Equal(Make().ToJson(), CsrTemplate.Parse(turned).ToJson());
    }

    [Theory]
    [InlineData("$", 1)]
    [InlineData("$.keyTypes[1]", 8)]
    [InlineData("$.keyTypes[1].namedCurve", 10)]
    [InlineData("$.subject.locality", 17)]
    [InlineData("$.subject.commonName", 14)]
    [InlineData("$.extensions.subjectAltName.DNS[0]", 22)]
    [InlineData("$.extensions.extendedKeyUsage[1]", 30)]
    [InlineData("$.nowhere[7].at", 1)]
    public void Place_HasItsLine(string path, int line) => Assert.Equal(line, TemplateLines.Find(Figure10, path));

    [Fact]
    public void EveryPreset_IsATemplateWithoutErrors()
    {
        foreach (var preset in CsrTemplatePreset.All)
        {
            var (template, findings) = CsrTemplateReader.Read(preset.Fill(["WWW.ido.example", "ido.example"]).ToJson(indented: true));
            Assert.NotNull(template);
            Assert.All(findings, finding => Assert.Contains("chooses this name", finding.Text, StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("wildcard", "[\"ido.example\",\"*.ido.example\",\"*.cdn.example\"]")]
    [InlineData("choice", "[\"**\",\"*\"]")]
    [InlineData("web-ecdsa", "[\"ido.example\",\"*.cdn.example\"]")]
    public void Preset_PutsTheNamesIn(string key, string names)
    {
        using var json = JsonDocument.Parse(CsrTemplatePreset.All.Single(preset => preset.Key == key).Fill(["ido.example", "*.cdn.example"]).ToJson());
        Assert.Equal(names, json.RootElement.GetProperty("extensions").GetProperty("subjectAltName").GetProperty("DNS").GetRawText());
    }

    [Theory]
    [InlineData]
    [InlineData("not a name")]
    [InlineData("**")]
    public void Preset_RefusesWhatIsNoName(params string[] names) =>
        Assert.Equal(TemplateErrors.Field, Assert.Throws<ServiceException>(() => CsrTemplatePreset.All[0].Fill(names)).Field);
}
