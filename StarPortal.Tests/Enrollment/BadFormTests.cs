using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using StarPortal.Core.Authority;
using StarPortal.Core.Enrollment;
using StarPortal.Core.Shared;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Enrollment;

/// <summary>Everything that somebody may type and should not: a message beside its field, and nothing made.</summary>
[Trait("Category", "Unit")]
public sealed class BadFormTests
{
    private static readonly RSA Good = RSA.Create(2048);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TheoryData<string, string, string> BadTexts => new()
    {
        { "FullName", "Ada\u0000Lovelace", "FullName" },
        { "FullName", "Ada\r\nLovelace", "FullName" },
        { "FullName", "Ada \u202Eecalevol", "FullName" },
        { "FullName", "Ada\u200BLovelace", "FullName" },
        { "FullName", "CN=Root,O=Evil", "FullName" },
        { "FullName", "Ada/CN=Root", "FullName" },
        { "FullName", "Ada\uFF1DLovelace", "FullName" },
        { "FullName", "Dr VERSION Lovelace", "FullName" },
        { "FullName", "\uD800", "FullName" },
        { "FullName", "李小龍", "FullName" },
        { "FullName", new string('a', 10_000), "FullName" },
        { "FullName", "   ", "FullName" },
        { "UserName", "", "UserName" },
        { "UserName", "ab", "UserName" },
        { "UserName", "ada/../../etc", "UserName" },
        { "UserName", "ada lovelace", "UserName" },
        { "UserName", "аda", "UserName" },
        { "UserName", new string('a', 10_000), "UserName" },
        { "UserName", "root", "UserName" },
        { "Email", "", "Email" },
        { "Email", "ada", "Email" },
        { "Email", "ada@example", "Email" },
        { "Email", "ada@example.org\r\nBcc: all@example.org", "Email" },
        { "Email", "Ada <ada@example.org>", "Email" },
        { "Email", $"{new string('a', 10_000)}@example.org", "Email" },
        { "Phone", "call me", "Phone" },
        { "Phone", new string('1', 10_000), "Phone" },
        { "Purpose", "", "Purpose" },
        { "Purpose", "reverse \u202E me", "Purpose" },
        { "Purpose", new string('a', 10_000), "Purpose" },
        { "Sponsor", "\u0007", "Sponsor" },
        { "Passphrase", "", "Passphrase" },
        { "Passphrase", "short", "Passphrase" },
        { "Passphrase", "passwordpassword", "Passphrase" },
        { "Passphrase", new string('a', 10_000), "Passphrase" },
        { "PassphraseAgain", "another one entirely", "PassphraseAgain" },
        { "Hint", "it is Seven-Otters-Juggle-Quietly!", "Hint" },
        { "Hint", "ylteiuqelggujsrettoneves", "Hint" },
        { "Hint", "seven otters juggle what?", "Hint" },
    };

    [Theory]
    [MemberData(nameof(BadTexts))]
    public async Task Text_IsRefusedBesideItsField_AndNothingIsMade(string property, string text, string field)
    {
        await using var portal = await TestPortal.StartAsync();
        var form = EnrollmentForms.For(await portal.AddOrganisationAsync("Example University"));
        typeof(EnrollmentForm).GetProperty(property)!.SetValue(form, text);
        if (property == "Passphrase") form.PassphraseAgain = text;

        await AssertRefusedAsync(portal, form, field);
    }

    public static TheoryData<string> BadRequests => [.. Requests.Keys];

    private static Dictionary<string, Func<string>> Requests { get; } = new(StringComparer.Ordinal)
    {
        ["empty"] = () => "",
        ["garbage"] = () => "certificate, please",
        ["base64 garbage"] = () => Convert.ToBase64String(RandomNumberGenerator.GetBytes(300)),
        ["truncated PEM"] = () => EnrollmentForms.SigningRequestOf(Good)[..400],
        ["truncated DER"] = () => Pem(Der(Good)[..^40]),
        ["one mebibyte"] = () => new string('A', 1 << 20),
        ["wrong signature"] = () => Pem(Flip(Der(Good))),
        ["RSA 1024"] = () => OfRsa(1024),
        ["P-224"] = () => OfCurve("1.3.132.0.33"),
        ["a private key"] = () => Good.ExportPkcs8PrivateKeyPem(),
        ["a certificate"] = () => new CertificateRequest("CN=x", Good, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddDays(1)).ExportCertificatePem(),
    };

    [Theory]
    [MemberData(nameof(BadRequests))]
    public async Task SigningRequest_IsRefusedBesideItsField_AndNothingIsMade(string kind)
    {
        await using var portal = await TestPortal.StartAsync();
        var form = EnrollmentForms.For(await portal.AddOrganisationAsync("Example University")).WithRequest(Requests[kind]());

        await AssertRefusedAsync(portal, form, "SigningRequest");
    }

    [Fact]
    public async Task SigningRequest_IsRefused_ForTheKeyOfAnotherPerson()
    {
        await using var portal = await TestPortal.StartAsync();
        var organisation = await portal.AddOrganisationAsync("Example University");
        using var key = RSA.Create(2048);
        var pem = EnrollmentForms.SigningRequestOf(key);
        var first = await portal.SubmitConfirmedAsync(EnrollmentForms.For(organisation, "grace").WithRequest(pem));
        await IssueAsync(portal, first);

        await AssertRefusedAsync(portal, EnrollmentForms.For(organisation).WithRequest(pem), "SigningRequest");
    }

    [Fact]
    public async Task SigningRequest_WithForeignNames_IsTaken_AndSaysWhatIsLeftOut()
    {
        await using var portal = await TestPortal.StartAsync();
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("www.example.org");
        var asked = new CertificateRequest("CN=root", Good, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        asked.CertificateExtensions.Add(names.Build());
        var form = EnrollmentForms.For(await portal.AddOrganisationAsync("Example University")).WithRequest(asked.CreateSigningRequestPem());

        var check = await portal.Get<EnrollmentChecker>().CheckAsync(form, EnrollmentForms.Visitor(), Ct);

        Assert.False(check.IsBlocked);
        Assert.Contains(check.Findings, finding => finding.Code == EnrollmentFindings.NamesLeftOut && finding.Message.Contains("www.example.org", StringComparison.Ordinal));
        Assert.DoesNotContain("www.example.org", check.Preview!.CertificateText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task UserName_IsRefused_WhenItDiffersFromAnotherByCaseOnly()
    {
        await using var portal = await TestPortal.StartAsync();
        var organisation = await portal.AddOrganisationAsync("Example University");
        await portal.Get<EnrollmentService>().SubmitAsync(EnrollmentForms.For(organisation), EnrollmentForms.Visitor(), Ct);

        await AssertRefusedAsync(portal, EnrollmentForms.For(organisation, "ADA"), "UserName");
    }

    [Fact]
    public async Task Organisation_IsRefused_WhenItIsClosedOrUnknown()
    {
        await using var portal = await TestPortal.StartAsync();
        var organisation = await portal.AddOrganisationAsync("Example University");

        await AssertRefusedAsync(portal, EnrollmentForms.For(organisation).With(form => form.OrganisationId = Guid.NewGuid()), "OrganisationId");
        await using (var db = portal.NewDb())
        {
            db.Attach(organisation);
            organisation.Change(organisation.Name, [], isOpen: false);
            await db.SaveChangesAsync(Ct);
        }

        await AssertRefusedAsync(portal, EnrollmentForms.For(organisation), "OrganisationId");
    }

    [Fact]
    public async Task Form_IsRefused_WithoutItsNumber()
    {
        await using var portal = await TestPortal.StartAsync();
        var form = EnrollmentForms.For(await portal.AddOrganisationAsync("Example University")).With(form => form.SubmissionId = Guid.Empty);

        await AssertRefusedAsync(portal, form, null);
    }

    [Fact]
    public async Task UserNames_CannotBeTriedOneAfterTheOther()
    {
        await using var portal = await TestPortal.StartAsync(new Dictionary<string, string?> { ["Enrollment:UserNamesPerAddress"] = "5" });
        var form = EnrollmentForms.For(await portal.AddOrganisationAsync("Example University"));
        var checker = portal.Get<EnrollmentChecker>();
        for (var turn = 0; turn < 5; turn++) await checker.CheckAsync(form.With(form => form.UserName = $"name{turn}"), EnrollmentForms.Visitor(), Ct);
        await checker.CheckAsync(form, EnrollmentForms.Visitor(), Ct);

        var refusal = await Assert.ThrowsAsync<ServiceException>(() => checker.CheckAsync(form.With(form => form.UserName = "name6"), EnrollmentForms.Visitor(), Ct));

        Assert.Equal(ErrorKind.TooMany, refusal.Kind);
    }

    private static async Task AssertRefusedAsync(TestPortal portal, EnrollmentForm form, string? field)
    {
        var before = await portal.CountRowsAsync();

        var refusal = await Assert.ThrowsAsync<ServiceException>(() => portal.Get<EnrollmentService>().SubmitAsync(form, EnrollmentForms.Visitor(), Ct));

        Assert.Equal((ErrorKind.Invalid, field), (refusal.Kind, refusal.Field));
        Assert.InRange(refusal.Message.Length, 5, 300);
        Assert.Equal(before, await portal.CountRowsAsync());
    }

    private static async Task IssueAsync(TestPortal portal, EnrollmentRequest request)
    {
        await using var db = portal.NewDb();
        var loaded = (await db.EnrollmentRequests.FindAsync([request.Id], Ct))!;
        var officer = new Actor(Guid.NewGuid(), "olga", []);
        loaded.Approve(officer, portal.Clock.Now);
        loaded.MarkIssued(portal.Get<CertificateAuthority>().Issue(db, loaded.ToIssuanceOrder(), officer).Id, portal.Clock.Now);
        await db.SaveChangesAsync(Ct);
    }

    private static byte[] Der(RSA key) => new CertificateRequest("CN=x", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSigningRequest();

    private static string Pem(byte[] der) => PemEncoding.WriteString("CERTIFICATE REQUEST", der);

    private static byte[] Flip(byte[] der)
    {
        der[^5] ^= 1;
        return der;
    }

    private static string OfRsa(int bits)
    {
        using var key = RSA.Create(bits);
        return EnrollmentForms.SigningRequestOf(key);
    }

    private static string OfCurve(string oid)
    {
        using var key = ECDsa.Create(ECCurve.CreateFromValue(oid));
        return new CertificateRequest("CN=x", key, HashAlgorithmName.SHA256).CreateSigningRequestPem();
    }
}
