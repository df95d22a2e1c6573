using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using StarPortal.Core.Delegation;
using StarPortal.Core.Shared;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Delegation;

/// <summary>What holds for all templates and requests: two judges agree, and no input does more than be refused.</summary>
[Trait("Category", "Unit")]
public sealed class CsrTemplatePropertyTests
{
    private const int Rounds = 5000;

    [Fact]
    public void TwoJudges_AgreeOnEveryRequest()
    {
        var numbers = new SeededNumbers(9115);
        var random = new RandomTemplates(numbers);
        var allowed = 0;
        for (var i = 0; i < Rounds; i++)
        {
            var json = random.NextTemplate();
            var template = CsrTemplate.Parse(json);
            var request = random.NextRequest(template).Encode();
            var verdict = CsrTemplateCheck.Check(template, request, IsLegitimate);
            using var document = JsonDocument.Parse(json);
            var expected = new NaiveJudge(document.RootElement, request, IsLegitimate).Allows();
            Assert.True(expected == verdict.IsAllowed, $"Round {i}: naively {expected}. {json}\n{Convert.ToBase64String(request)}\n{string.Join('\n', verdict.Findings)}");
            if (expected) allowed++;
        }

        Assert.InRange(allowed, Rounds / 5, Rounds * 4 / 5); // Else the requests would say nothing.
    }

    [Fact]
    public void RandomTemplate_SurvivesTheRoundTrip()
    {
        var random = new RandomTemplates(new SeededNumbers(1));
        for (var i = 0; i < 2000; i++)
        {
            var canonical = CsrTemplate.Parse(random.NextTemplate()).ToJson();
            Assert.Equal(canonical, CsrTemplate.Parse(canonical).ToJson());
        }
    }

    [Fact]
    public void RandomTemplate_IsFilledWithARequestThatFits()
    {
        var random = new RandomTemplates(new SeededNumbers(2));
        for (var i = 0; i < 1000; i++)
        {
            var template = CsrTemplate.Parse(random.NextTemplate());
            if (template.KeyTypes[0].Curve is null) continue; // A new RSA key takes long, and other tests make some.
            string[] chosen = [.. RandomTemplates.Legitimate.Except(template.Names.Dns.Literals, StringComparer.Ordinal).Take(template.Names.Dns.LeastChoices)];
            var values = new TemplateValues
            {
                DnsNames = chosen,
                Subject = template.Subject.Where(rule => rule.Value.IsMandatoryChoice).ToDictionary(rule => rule.Field.Name, rule => rule.Field.Name switch
                {
                    "country" => "CA", "emailAddress" => "a@a.example", "commonName" => template.Names.Dns.Literals.Concat(chosen).FirstOrDefault("none"), _ => "x",
                }, StringComparer.Ordinal),
            };
            if (TemplateRequest.Check(template, values).Count > 0) continue; // commonName without any DNS name.
            using var request = TemplateRequest.Make(template, values);
            Assert.Empty(CsrTemplateCheck.Check(template, request.Encoded, IsLegitimate).Findings);
        }
    }

    [Fact]
    public void SpoiltTemplate_IsReadOrRefused()
    {
        var numbers = new SeededNumbers(3);
        var random = new RandomTemplates(numbers);
        for (var i = 0; i < 10_000; i++)
        {
            var (json, findings) = ReadSpoilt(Encoding.Latin1.GetString(Spoil(Encoding.UTF8.GetBytes(random.NextTemplate()), numbers)));
            Assert.All(findings, finding => Assert.InRange(TemplateLines.Find(json, finding.Path), 1, json.Length + 1));
        }
    }

    public static TheoryData<int> Oddities => [.. Enumerable.Range(0, OddTexts.Length)];

    private static readonly string[] OddTexts =
    [
        "\ud800", "\"\ud800\"", "{\"\ud800\":1}", "{\"keyTypes\":[\"\\udfff\"]}", "\0", "\ufeff{}", "{\"a\":1,\"a\":2}", new('{', 9000), string.Concat(Enumerable.Repeat("{\"extensions\":", 1000)), "1e400", "{\"keyTypes\":[{\"PublicKeyType\":1e400}]}",
    ];

    [Theory, MemberData(nameof(Oddities))]
    public void OddText_IsRefused(int index)
    {
        var (template, findings) = CsrTemplateReader.Read(OddTexts[index]);
        Assert.Null(template);
        Assert.NotEmpty(findings);
        Assert.InRange(TemplateLines.Find(OddTexts[index], findings[0].Path), 1, 1);
    }

    [Fact]
    public void SpoiltRequest_IsJudgedOrRefused()
    {
        var numbers = new SeededNumbers(4);
        var random = new RandomTemplates(numbers);
        var template = CsrTemplate.Parse(SampleTemplates.Figure10);
        for (var i = 0; i < 3000; i++)
        {
            var request = random.NextRequest(template).Encode();
            var spoilt = Spoil([.. request], numbers);
            if (spoilt.AsSpan().SequenceEqual(request)) continue;
            Assert.NotEmpty(CsrTemplateCheck.Check(template, spoilt, IsLegitimate).Findings);
        }
    }

    [Fact]
    public void SpoiltPem_IsTheRequestOrRefused()
    {
        var numbers = new SeededNumbers(6);
        var request = new MadeRequest().Encode();
        var pem = Encoding.ASCII.GetBytes(PemEncoding.WriteString("CERTIFICATE REQUEST", request));
        for (var i = 0; i < 3000; i++)
        {
            var verdict = CsrTemplateCheck.Check(SampleTemplates.Make(), Spoil([.. pem], numbers), IsLegitimate);
            Assert.Equal(verdict.IsAllowed ? request : [], verdict.Encoded);
            Assert.Equal(verdict.IsAllowed, verdict.Findings.Count == 0);
        }
    }

    /// <summary>Octets spoilt before the request is signed: the signature hides nothing from the check.</summary>
    [Fact]
    public void SignedRubbish_InAnExtension_IsRefused()
    {
        var numbers = new SeededNumbers(5);
        var template = SampleTemplates.Make();
        string[] extensions = [MadeRequest.AltNames, MadeRequest.KeyUsage, MadeRequest.Purposes];
        for (var i = 0; i < 3000; i++)
        {
            var request = new MadeRequest();
            var oid = numbers.Pick(extensions);
            var value = request.Extensions.Single(extension => extension.Oid == oid).Value;
            var spoilt = Spoil([.. value], numbers);
            if (spoilt.AsSpan().SequenceEqual(value)) continue;
            var verdict = CsrTemplateCheck.Check(template, request.With(oid, spoilt).Encode(), IsLegitimate);
            if (!verdict.IsAllowed) continue;
            Assert.Equal(value.Length, spoilt.Length); // No more than the case of a letter, or how many bits of the last octet are unused.
            Assert.Equal("DNS:abc.ido.example", Assert.Single(verdict.Request!.Names).ToString());
        }
    }

    private static bool IsLegitimate(string name) => RandomTemplates.Legitimate.Contains(name, StringComparer.Ordinal);

    private static (string Json, IReadOnlyList<CsrTemplateFinding> Findings) ReadSpoilt(string json)
    {
        var (template, findings) = CsrTemplateReader.Read(json);
        Assert.Equal(template is null, findings.Any(finding => finding.Severity is TemplateSeverity.Error));
        if (template is null) Assert.Throws<ServiceException>(() => CsrTemplate.Parse(json));
        return (json, findings);
    }

    private static byte[] Spoil(byte[] message, SeededNumbers numbers)
    {
        for (var changes = 1 + numbers.Below(3); changes > 0; changes--) message[numbers.Below(message.Length)] = (byte)numbers.Next();
        return numbers.Below(4) switch
        {
            0 => message[..numbers.Below(message.Length)],
            1 => [.. message, .. numbers.Bytes(1 + numbers.Below(20))],
            _ => message,
        };
    }
}
