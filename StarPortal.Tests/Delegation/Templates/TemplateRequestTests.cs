using System.Security.Cryptography;
using StarPortal.Core.Delegation;
using StarPortal.Core.Shared;
using static StarPortal.Tests.Delegation.SampleTemplates;

namespace StarPortal.Tests.Delegation;

/// <summary>The consumer's side: a request that is made from a template fits it.</summary>
[Trait("Category", "Unit")]
public sealed class TemplateRequestTests
{
    [Fact]
    public void EveryGoodTemplate_IsFilledWithARequestThatFits()
    {
        foreach (string json in CsrTemplateReaderTests.Good.Select(row => row.Data))
        {
            var template = CsrTemplate.Parse(json);
            using var request = TemplateRequest.Make(template, ValuesFor(template));
            Assert.Empty(CsrTemplateCheck.Check(template, request.Encoded, _ => true).Findings);
        }
    }

    [Fact]
    public void EveryPreset_IsFilledWithARequestThatFits()
    {
        foreach (var preset in CsrTemplatePreset.All)
        {
            var template = preset.Fill(["ido.example", "www.ido.example"]);
            using var request = TemplateRequest.Make(template, ValuesFor(template));
            Assert.Empty(CsrTemplateCheck.Check(template, request.Encoded, new TemplateNames(template, ["c0.example"]).Allows).Findings);
        }
    }

    [Fact]
    public void Key_IsOfTheFirstType()
    {
        using var request = TemplateRequest.Make(Make($"{Rsa},{P256}"), TemplateValues.None);
        Assert.Equal(2048, Assert.IsAssignableFrom<RSA>(request.Key).KeySize);
        Assert.StartsWith("-----BEGIN CERTIFICATE REQUEST-----", request.Pem, StringComparison.Ordinal);
    }

    [Fact]
    public void Name_ThatIsLiteral_MayBeRepeatedAmongTheValues()
    {
        var template = Make();
        using var request = TemplateRequest.Make(template, new() { DnsNames = ["ABC.ido.example"] });
        Assert.True(CsrTemplateCheck.Check(template, request.Encoded, _ => false).IsAllowed);
    }

    public static TheoryData<string, string, string, string, string> Wrong => new()
    {
        { """{"country":"**"}""", "", "", "$.subject.country", "missing" },
        { """{"country":"**"}""", "country=Canada", "", "$.subject.country", "two letters" },
        { """{"country":"CA"}""", "country=US", "", "$.subject.country", "'CA'" },
        { """{"country":"CA"}""", "locality=Hull", "", "$.subject", "no locality" },
        { """{"commonName":"**"}""", "commonName=www.bank.example", "", "$.subject.commonName", "one of the DNS names" },
        { """{"commonName":"*"}""", "", "x.ido.example", "$.extensions.subjectAltName.DNS", "not in the template" },
    };

    [Theory, MemberData(nameof(Wrong))]
    public void Values_ThatDoNotFit_AreNamed(string subject, string fields, string names, string path, string word)
    {
        var (template, values) = (Make(subject: subject), Values(fields, names));
        var problem = Assert.Single(TemplateRequest.Check(template, values));
        Assert.Equal(path, problem.Where);
        Assert.Contains(word, problem.Text, StringComparison.Ordinal);
        Assert.Contains(word, Assert.Throws<ServiceException>(() => TemplateRequest.Make(template, values)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "0 of the 1 names")]
    [InlineData("a.example b.example c.example", "leaves 2")]
    [InlineData("not_a_name", "not a DNS name")]
    public void Names_ThatAreMissingOrTooMany_AreCounted(string names, string word) =>
        Assert.Contains(word, Assert.Single(TemplateRequest.Check(Make(names: """{"DNS":["**","*"]}"""), Values("", names))).Text, StringComparison.Ordinal);

    private static TemplateValues Values(string fields, string names) => new()
    {
        Subject = fields.Split(';', StringSplitOptions.RemoveEmptyEntries).Select(field => field.Split('=')).ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal),
        DnsNames = names.Split(' ', StringSplitOptions.RemoveEmptyEntries),
    };

    private static TemplateValues ValuesFor(CsrTemplate template)
    {
        string[] chosen = [.. Enumerable.Range(0, template.Names.Dns.LeastChoices).Select(i => $"c{i}.example")];
        return new()
        {
            DnsNames = chosen,
            Subject = template.Subject.Where(rule => rule.Value.IsMandatoryChoice).ToDictionary(rule => rule.Field.Name, rule => rule.Field.Name switch
            {
                "country" => "CA",
                "commonName" => template.Names.Dns.Literals.Concat(chosen).First(),
                _ => "Zürich",
            }, StringComparer.Ordinal),
        };
    }
}
