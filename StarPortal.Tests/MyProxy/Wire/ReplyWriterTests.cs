using System.Text;
using StarPortal.Core.MyProxy;

namespace StarPortal.Tests.MyProxy.Wire;

[Trait("Category", "Unit")]
public sealed class ReplyWriterTests
{
    private static readonly DateTimeOffset Begin = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000);

    [Fact]
    public void Ok_IsThirtyBytes() => Assert.Equal("VERSION=MYPROXYv2\nRESPONSE=0\n\0"u8.ToArray(), ReplyWriter.Ok());

    [Fact]
    public void Error_HasALineForEachLine() =>
        Assert.Equal("VERSION=MYPROXYv2\nRESPONSE=1\nERROR=one\nERROR=two\n\0", Text(ReplyWriter.Error("one\ntwo")));

    [Fact]
    public void Error_CanNotEndItsLine_WhateverIsInIt() =>
        Assert.Equal("VERSION=MYPROXYv2\nRESPONSE=1\nERROR=no user \"a b\"\n\0", Text(ReplyWriter.Error("no user \"a\0b\"")));

    [Fact]
    public void Authorization_OffersBothHashes() =>
        Assert.Equal("VERSION=MYPROXYv2\nRESPONSE=2\nAUTHORIZATION_DATA=X509_certificate:00ff\nAUTHORIZATION_DATA=X509_certificate_SHA256:00ff\n\0", Text(ReplyWriter.Authorization("00ff")));

    [Fact]
    public void Info_SpeaksOfTheUnnamedOneFirst()
    {
        var named = new CredentialInfo("eec", "d", Begin, Begin.AddSeconds(9), "/CN=O", new("*", null, null, "/CN=R"), "stop");
        var unnamed = new CredentialInfo("", null, Begin, Begin.AddSeconds(5), "/CN=O", CredentialPolicies.None, null);
        Assert.Equal(
            "VERSION=MYPROXYv2\nRESPONSE=0\nCRED_START_TIME=1700000000\nCRED_END_TIME=1700000005\nCRED_OWNER=/CN=O\n" +
            "CRED_eec_DESC=d\nCRED_eec_START_TIME=1700000000\nCRED_eec_END_TIME=1700000009\nCRED_eec_OWNER=/CN=O\nCRED_eec_RETRIEVER=*\nCRED_eec_RENEWER=/CN=R\nCRED_eec_LOCKMSG=stop\nADDL_CREDS=eec\n\0",
            Text(ReplyWriter.Ok([named, unnamed])));
    }

    [Fact]
    public void Info_NamesTheFirst_WhenNoneIsUnnamed() =>
        Assert.StartsWith("VERSION=MYPROXYv2\nRESPONSE=0\nCRED_NAME=a\nCRED_START", Text(ReplyWriter.Ok([new("a", null, Begin, Begin, "/CN=O", CredentialPolicies.None, null)])), StringComparison.Ordinal);

    [Fact]
    public void TrustRoots_ComeAsBase64() =>
        Assert.Equal(
            "VERSION=MYPROXYv2\nRESPONSE=0\nTRUSTED_CERTS=a.0,a.signing_policy\nFILEDATA_a.0=AQI=\nFILEDATA_a.signing_policy=AA==\n\0",
            Text(ReplyWriter.Ok(new TrustRootSet([new("a.0", [1, 2]), new("a.signing_policy", [0])], [], [], "1"))));

    [Fact]
    public void Chain_HasItsCountBeforeIt() => Assert.Equal([2, 0x30, 0, 0x30, 1, 5], ChainWriter.Write([[0x30, 0], [0x30, 1, 5]]));

    private static string Text(byte[] reply) => Encoding.UTF8.GetString(reply);
}
