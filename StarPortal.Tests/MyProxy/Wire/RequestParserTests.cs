using System.Text;
using StarPortal.Core.MyProxy;
using StarPortal.Core.Shared;

namespace StarPortal.Tests.MyProxy.Wire;

[Trait("Category", "Unit")]
public sealed class RequestParserTests
{
    private const string Get = "VERSION=MYPROXYv2\nCOMMAND=0\nUSERNAME=alice\nPASSPHRASE=secret\nLIFETIME=43200\n";

    [Fact]
    public void Request_IsRead_AsTheGenuineClientSendsIt()
    {
        using var request = Parse(Get);
        Assert.Equal((MyProxyCommand.Get, "alice", TimeSpan.FromHours(12)), (request.Command, request.UserName, request.Lifetime));
        Assert.Equal("secret"u8.ToArray(), request.Passphrase);
        Assert.False(request.WantsTrustRoots);
    }

    [Fact]
    public void Request_IsRead_WithEveryField()
    {
        using var request = Parse(Get + "CRED_NAME=eec\nCRED_DESC=a = b; $(id)\nRETRIEVER=*/CN=R\nKEYRETRIEVERS=*\nRETRIEVER_TRUSTED=/CN=T\nRENEWER=/CN=N\nTRUSTED_CERTS=1\n");
        Assert.Equal(("eec", "a = b; $(id)", true), (request.CredentialName, request.Description, request.WantsTrustRoots));
        Assert.Equal(new CredentialPolicies("*/CN=R", "*", "/CN=T", "/CN=N"), request.Policies);
    }

    [Theory]
    [InlineData("LIFETIME=1\nPASSPHRASE=\nUSERNAME=u\nCOMMAND=0\nVERSION=MYPROXYv2\n")]
    [InlineData("VERSION=MYPROXYv2\nCOMMAND=0\nUSERNAME=u\nPASSPHRASE=\nLIFETIME=1")]
    [InlineData("VERSION=MYPROXYv2\n\nCOMMAND=0\nUSERNAME=u\nPASSPHRASE=xCOMMAND=3\nLIFETIME=1\n")]
    [InlineData("VERSION=MYPROXYv2\nCOMMAND=0\nUSERNAME=u\nPASSPHRASE=\nLIFETIME=1\nVONAME=a\nVONAME=b\nVOMSES=c\nOTHER=d\n")]
    public void Request_IsRead_WhateverItsOrderAndForm(string text)
    {
        using var request = Parse(text);
        Assert.Equal(("u", TimeSpan.FromSeconds(1)), (request.UserName, request.Lifetime));
    }

    [Theory]
    [InlineData("0", null)]
    [InlineData("-5", null)]
    [InlineData("+60", 60)]
    [InlineData(" 60 ", 60)]
    [InlineData("007", 7)]
    [InlineData("99999999999999999999", int.MaxValue)]
    public void Lifetime_IsReadLeniently(string text, int? seconds)
    {
        using var request = Parse(Get.Replace("43200", text, StringComparison.Ordinal));
        Assert.Equal(seconds, (int?)request.Lifetime?.TotalSeconds);
    }

    [Theory]
    [InlineData("LIFETIME=43200", "LIFETIME=0x10")]
    [InlineData("LIFETIME=43200", "LIFETIME=1.5")]
    [InlineData("LIFETIME=43200", "LIFETIME=")]
    [InlineData("LIFETIME=43200", "LIFETIME=12 12")]
    [InlineData("COMMAND=0", "COMMAND=0x0")]
    [InlineData("COMMAND=0", "COMMAND=-1")]
    [InlineData("COMMAND=0", "COMMAND=")]
    [InlineData("COMMAND=0", "COMMAND=0\nCOMMAND=0")]
    [InlineData("USERNAME=alice", "USERNAME=alice\nUSERNAME=bob")]
    [InlineData("USERNAME=alice", "USERNAME=al\u0001ice")]
    [InlineData("USERNAME=alice", "USERNAME=alice\r")]
    [InlineData("USERNAME=alice", "username=alice")]
    [InlineData("USERNAME=alice", "no field")]
    [InlineData("PASSPHRASE=secret\n", "")]
    [InlineData("VERSION=MYPROXYv2\n", "")]
    public void Request_IsMalformed_WhenALineIsWrong(string old, string wrong) =>
        AssertRefused("error parsing request", Get.Replace(old, wrong, StringComparison.Ordinal));

    [Theory]
    [InlineData("VERSION=MYPROXYv2", "VERSION=MYPROXYv3", "Invalid version number received.")]
    [InlineData("VERSION=MYPROXYv2", "VERSION=", "Invalid version number received.")]
    [InlineData("COMMAND=0", "COMMAND=8", "UNKNOWN command in request.")]
    [InlineData("COMMAND=0", "COMMAND=99999999999", "UNKNOWN command in request.")]
    [InlineData("USERNAME=alice", "USERNAME=", "Invalid username received.")]
    public void Request_IsRefused_InTheGenuineServersWords(string old, string wrong, string text) => AssertRefused(text, Get.Replace(old, wrong, StringComparison.Ordinal));

    [Fact]
    public void Request_IsMalformed_WhenUserNameIsNoUtf8()
    {
        var text = Encoding.ASCII.GetBytes(Get);
        text[text.AsSpan().IndexOf("alice"u8)] = 0xff;
        Assert.Equal("error parsing request", Assert.Throws<ServiceException>(() => RequestParser.Parse(text)).Message);
    }

    [Fact]
    public void Passphrase_IsTaken_UpToItsLimit()
    {
        using var longest = Parse(Get.Replace("secret", new string('x', 1024), StringComparison.Ordinal));
        Assert.Equal(1024, longest.Passphrase.Length);
        Assert.StartsWith("Pass phrase too long", Assert.Throws<ServiceException>(() => Parse(Get.Replace("secret", new string('x', 1025), StringComparison.Ordinal))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void Passphrase_IsIgnored_WhereItIsADummy(int command)
    {
        using var request = Parse(Get.Replace("COMMAND=0", $"COMMAND={command}", StringComparison.Ordinal).Replace("secret", "DUMMY-PASSPHRASE", StringComparison.Ordinal));
        Assert.Empty(request.Passphrase);
    }

    [Fact]
    public void NewPassphrase_IsReadForItsCommandOnly()
    {
        using var change = Parse(Get.Replace("COMMAND=0", "COMMAND=4", StringComparison.Ordinal) + "NEW_PHRASE=another\n");
        using var logon = Parse(Get + "NEW_PHRASE=another\n");
        Assert.Equal("another"u8.ToArray(), change.NewPassphrase);
        Assert.Empty(logon.NewPassphrase);
    }

    [Fact]
    public void TrustRoots_NeedNoUserName()
    {
        using var request = Parse("VERSION=MYPROXYv2\nCOMMAND=7\nUSERNAME=\nPASSPHRASE=\nLIFETIME=0\nTRUSTED_CERTS=1\n");
        Assert.Equal((MyProxyCommand.GetTrustRoots, ""), (request.Command, request.UserName));
    }

    [Fact]
    public void Request_WipesItsPassphrases()
    {
        var request = Parse(Get);
        request.Dispose();
        Assert.All(request.Passphrase, part => Assert.Equal(0, part));
    }

    private static MyProxyRequest Parse(string text) => RequestParser.Parse(Encoding.UTF8.GetBytes(text));

    private static void AssertRefused(string message, string text) => Assert.Equal(message, Assert.Throws<ServiceException>(() => Parse(text)).Message);
}
