using System.Formats.Asn1;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Authority;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Authority;

#pragma warning disable CA5350 // RFC 6960 4.1.1: SHA-1 names the issuer, and is what nearly all clients send.
[Trait("Category", "Unit")]
public sealed class OcspTests
{
    private static readonly byte[] Malformed = [0x30, 0x03, 0x0a, 0x01, 0x01];

    [Fact]
    public async Task Get_AnswersLikePostAndMayBeKept_WhenThereIsNoNonce()
    {
        await using var portal = await TestPortal.StartAsync();
        await using var pki = await PkiListener.StartAsync(portal);
        var question = Question(portal, (await IssuedFiles.IssueAsync(portal, Orders.Person(portal))).Certificate.SerialNumber);
        using var answer = await pki.Http.GetAsync("/pki/ocsp/" + Uri.EscapeDataString(Convert.ToBase64String(question)), TestContext.Current.CancellationToken);

        Assert.Equal("application/ocsp-response", answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal(TimeSpan.FromMinutes(15), answer.Headers.CacheControl!.MaxAge);
        Assert.NotNull(answer.Content.Headers.LastModified);
        Assert.NotNull(answer.Content.Headers.Expires);
        Assert.Equal("good", StatusOf(await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken)));

        using var again = new HttpRequestMessage(HttpMethod.Get, answer.RequestMessage!.RequestUri);
        again.Headers.IfNoneMatch.Add(answer.Headers.ETag!);
        Assert.Equal(HttpStatusCode.NotModified, (await pki.Http.SendAsync(again, TestContext.Current.CancellationToken)).StatusCode);
    }

    [Fact]
    public async Task Get_ReadsTheRequest_HoweverItsBase64IsEscaped()
    {
        await using var portal = await TestPortal.StartAsync();
        await using var pki = await PkiListener.StartAsync(portal);
        var serials = (await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ => (await IssuedFiles.IssueAsync(portal, Orders.Person(portal))).Certificate.SerialNumber)));
        foreach (var base64 in serials.Select(serial => Convert.ToBase64String(Question(portal, serial))))
        {
            foreach (var path in new[] { base64, base64.Replace("+", "%2B", StringComparison.Ordinal), base64.Replace("/", "%2f", StringComparison.Ordinal).Replace("=", "%3D", StringComparison.Ordinal) })
            {
                var request = new HttpRequestMessage(HttpMethod.Get, new Uri(pki.Url.AbsoluteUri + "pki/ocsp/" + path, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));
                using var answer = await pki.Http.SendAsync(request, TestContext.Current.CancellationToken);
                Assert.Equal("good", StatusOf(await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken)));
            }
        }
    }

    [Fact]
    public async Task Revocation_CountsAtOnce_AlthoughTheAnswerBeforeWasKept()
    {
        await using var portal = await TestPortal.StartAsync();
        var files = await IssuedFiles.IssueAsync(portal, Orders.Person(portal));
        var question = Question(portal, files.Certificate.SerialNumber);
        var good = await AskAsync(portal, question);
        Assert.Equal(good, await AskAsync(portal, question)); // the same signature: it was kept
        await IssuedFiles.RevokeAsync(portal, files.Certificate);
        Assert.Equal("revoked", StatusOf(await AskAsync(portal, question)));
    }

    [Fact]
    public async Task Answer_IsSignedAnew_WhenHalfOfItsTimeHasPassed()
    {
        await using var portal = await TestPortal.StartAsync();
        var question = Question(portal, (await IssuedFiles.IssueAsync(portal, Orders.Person(portal))).Certificate.SerialNumber);
        var first = await AskAsync(portal, question);
        portal.Clock.Advance(TimeSpan.FromMinutes(31));
        Assert.NotEqual(first, await AskAsync(portal, question));
    }

    [Fact]
    public async Task Answer_IsUnknown_WhenTheIssuerIsAStrangerOrTheHashIsAnother()
    {
        await using var portal = await TestPortal.StartAsync();
        var serial = (await IssuedFiles.IssueAsync(portal, Orders.Person(portal))).Certificate.SerialNumber;
        Assert.Equal("unknown", StatusOf(await AskAsync(portal, Question(portal, serial, Issuers.Servers))));
        Assert.Equal("unknown", StatusOf(await AskAsync(portal, Write(new byte[20], new byte[20], serial.ToBytes(), null))));
        Assert.Equal("unknown", StatusOf(await AskAsync(portal, Write(new byte[20], new byte[20], new byte[40].Select(_ => (byte)7).ToArray(), null))));
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(32, true)]
    [InlineData(0, false)]
    [InlineData(33, false)]
    public async Task Nonce_ComesBack_WhenItHas1To32Octets(int length, bool isFine)
    {
        await using var portal = await TestPortal.StartAsync();
        var serial = (await IssuedFiles.IssueAsync(portal, Orders.Person(portal))).Certificate.SerialNumber;
        var nonce = RandomNumberGenerator.GetBytes(length);
        var answer = await AskAsync(portal, Question(portal, serial, nonce: nonce));
        if (isFine) Assert.True(answer.AsSpan().IndexOf(nonce) >= 0);
        else Assert.Equal(Malformed, answer);
    }

    [Fact]
    public async Task Answer_IsMalformedRequest_WhateverElseIsSent()
    {
        await using var portal = await TestPortal.StartAsync();
        var responder = portal.Get<OcspResponder>();
        Prop.ForAll(ArbMap.Default.GeneratorFor<byte[]>().ToArbitrary(), octets =>
            Assert.Equal(Malformed, responder.RespondAsync(octets, TestContext.Current.CancellationToken).GetAwaiter().GetResult().Der)).QuickCheckThrowOnFailure();
    }

    [Fact]
    public async Task Answer_IsMalformedRequest_WhenAQuestionIsCutAnywhere()
    {
        await using var portal = await TestPortal.StartAsync();
        var question = Question(portal, SerialNumber.New());
        foreach (var length in Enumerable.Range(0, question.Length)) Assert.Equal(Malformed, await AskAsync(portal, question[..length]));
    }

    [Theory]
    [InlineData(20, false)]
    [InlineData(21, true)]
    public async Task Answer_IsMalformedRequest_WhenTooManyAreAskedAbout(int count, bool isTooMany)
    {
        await using var portal = await TestPortal.StartAsync();
        var issuer = portal.Get<CertificateAuthority>().ChainOf(Issuers.People)[0];
        var question = Write(SHA1.HashData(issuer.SubjectName.RawData), SHA1.HashData(issuer.PublicKey.EncodedKeyValue.RawData), SerialNumber.New().ToBytes(), null, count);
        var answer = await AskAsync(portal, question);
        Assert.Equal(isTooMany, answer.AsSpan().SequenceEqual(Malformed));
    }

    [Fact]
    public async Task Door_Refuses_WhenTheRequestIsLarge()
    {
        await using var portal = await TestPortal.StartAsync();
        await using var pki = await PkiListener.StartAsync(portal);
        using var known = await pki.Http.PostAsync("/pki/ocsp", new ByteArrayContent(new byte[1024 * 1024]), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, known.StatusCode);
        using var garbage = await pki.Http.GetAsync("/pki/ocsp/!!!", TestContext.Current.CancellationToken);
        Assert.Equal(Malformed, await garbage.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Signer_IsRenewedBeforeItEnds_AndCarriesNoCheck()
    {
        await using var portal = await TestPortal.StartAsync();
        var signers = portal.Get<OcspSigners>();
        var people = portal.Get<Issuers>().Get(Issuers.People);
        var first = await signers.GetAsync(people, TestContext.Current.CancellationToken);
        Assert.Equal(0, await signers.RenewDueAsync(TestContext.Current.CancellationToken));
        portal.Clock.Advance(TimeSpan.FromDays(10));
        Assert.Equal(3, await signers.RenewDueAsync(TestContext.Current.CancellationToken));
        var second = await signers.GetAsync(people, TestContext.Current.CancellationToken);

        using var certificate = X509CertificateLoader.LoadCertificate(second.Der);
        Assert.NotEqual(first.Der, second.Der);
        Assert.Contains(certificate.Extensions, extension => extension.Oid!.Value == "1.3.6.1.5.5.7.48.1.5");
        await using var db = portal.NewDb();
        Assert.Equal(6, await db.IssuedCertificates.CountAsync(row => row.Profile == "ocsp-signer", TestContext.Current.CancellationToken));
        Assert.True((await db.OcspSigners.ToListAsync(TestContext.Current.CancellationToken)).TrueForAll(row => row.SealedKey.AsSpan().IndexOf("\x2a\x86\x48"u8) < 0));
    }

    private static async Task<byte[]> AskAsync(TestPortal portal, byte[] question) => (await portal.Get<OcspResponder>().RespondAsync(question, TestContext.Current.CancellationToken)).Der;

    private static byte[] Question(TestPortal portal, SerialNumber serial, string issuer = Issuers.People, byte[]? nonce = null)
    {
        var certificate = portal.Get<CertificateAuthority>().ChainOf(issuer)[0];
        return Write(SHA1.HashData(certificate.SubjectName.RawData), SHA1.HashData(certificate.PublicKey.EncodedKeyValue.RawData), serial.ToBytes(), nonce);
    }

    private static byte[] Write(byte[] nameHash, byte[] keyHash, byte[] serial, byte[]? nonce, int count = 1)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        using (writer.PushSequence())
        {
            using (writer.PushSequence())
            {
                for (var index = 0; index < count; index++) WriteCertId(writer, nameHash, keyHash, serial);
            }

            if (nonce is not null) WriteNonce(writer, nonce);
        }

        return writer.Encode();
    }

    private static void WriteCertId(AsnWriter writer, byte[] nameHash, byte[] keyHash, byte[] serial)
    {
        using (writer.PushSequence())
        using (writer.PushSequence())
        {
            using (writer.PushSequence()) writer.WriteObjectIdentifier("1.3.14.3.2.26");
            writer.WriteOctetString(nameHash);
            writer.WriteOctetString(keyHash);
            writer.WriteIntegerUnsigned(serial.AsSpan().TrimStart((byte)0));
        }
    }

    private static void WriteNonce(AsnWriter writer, byte[] nonce)
    {
        var value = new AsnWriter(AsnEncodingRules.DER);
        value.WriteOctetString(nonce);
        using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 2)))
        using (writer.PushSequence())
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier("1.3.6.1.5.5.7.48.1.2");
            writer.WriteOctetString(value.Encode());
        }
    }

    /// <summary>The status of the first answer.</summary>
    private static string StatusOf(byte[] der)
    {
        var response = new AsnReader(der, AsnEncodingRules.DER).ReadSequence();
        Assert.Equal(OcspStatus.Successful, response.ReadEnumeratedValue<OcspStatus>());
        var bytes = response.ReadSequence(new Asn1Tag(TagClass.ContextSpecific, 0)).ReadSequence();
        bytes.ReadObjectIdentifier();
        var data = new AsnReader(bytes.ReadOctetString(), AsnEncodingRules.DER).ReadSequence().ReadSequence();
        data.ReadEncodedValue();
        data.ReadGeneralizedTime();
        var single = data.ReadSequence().ReadSequence();
        single.ReadSequence();
        return single.PeekTag().TagValue switch { 0 => "good", 1 => "revoked", _ => "unknown" };
    }
}
