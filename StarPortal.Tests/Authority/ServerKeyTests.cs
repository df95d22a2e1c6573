using System.Security.Cryptography;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.Options;
using StarPortal.Core.Authority;
using StarPortal.Core.Shared;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Authority;

[Trait("Category", "Unit")]
public sealed class ServerKeyTests : IDisposable
{
    private readonly TestFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Envelope_OpensForItsPurposeOnly_WhateverIsInIt() => Prop.ForAll(ArbMap.Default.GeneratorFor<byte[]>().ToArbitrary(), plain =>
    {
        var key = Make();
        var envelope = key.Seal("credential", plain);
        Assert.Equal(plain, key.Open("credential", envelope));
        Assert.ThrowsAny<CryptographicException>(() => key.Open("tls", envelope));
        envelope[^1] ^= 1;
        Assert.ThrowsAny<CryptographicException>(() => key.Open("credential", envelope));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Envelope_IsAnotherEachTime_WhenTheSameIsSealedTwice() => Assert.NotEqual(Make().Seal("x", "same"u8), Make().Seal("x", "same"u8));

    [Fact]
    public void Envelope_DoesNotOpen_WhenItIsShortOrOfAnotherFormat()
    {
        Assert.ThrowsAny<CryptographicException>(() => Make().Open("x", []));
        Assert.ThrowsAny<CryptographicException>(() => Make().Open("x", new byte[100]));
    }

    [Fact]
    public void KeyFile_IsMadeOnceAndForItsOwnerOnly_WhenThereIsNone()
    {
        var envelope = Make().Seal("x", [1, 2, 3]);
        Assert.Equal([1, 2, 3], Make().Open("x", envelope));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(folder["keys", "server.key"]));
    }

    [Fact]
    public void KeyFile_IsRefused_WhenOthersMayReadIt()
    {
        Make().Seal("x", []);
        File.SetUnixFileMode(folder["keys", "server.key"], UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        Assert.Contains("chmod 600", Assert.Throws<AuthorityUnusableException>(() => Make().Seal("x", [])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Key_ComesFromTheEnvironmentOrASecretFile_WhenConfiguredSo()
    {
        var secret = RandomNumberGenerator.GetBytes(32);
        var variable = $"STARPORTAL_TEST_{Guid.NewGuid():N}";
        Environment.SetEnvironmentVariable(variable, Convert.ToBase64String(secret));
        File.WriteAllText(folder["secret"], Convert.ToHexString(secret) + "\n");

        var envelope = Make(ServerKeyKind.EnvironmentVariable, variable).Seal("x", [7]);
        Assert.Equal([7], Make(ServerKeyKind.SecretFile, folder["secret"]).Open("x", envelope));
        Assert.False(Directory.Exists(folder["keys"]));
        Environment.SetEnvironmentVariable(variable, null);
    }

    [Theory]
    [InlineData("")]
    [InlineData("short")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public void Key_IsRefusedWithWhatToDo_WhenItIsNot32Octets(string content)
    {
        File.WriteAllText(folder["secret"], content);
        Assert.Contains("openssl rand", Assert.Throws<AuthorityUnusableException>(() => Make(ServerKeyKind.SecretFile, folder["secret"]).Seal("x", [])).Message, StringComparison.Ordinal);
    }

    private ServerKey Make(ServerKeyKind source = ServerKeyKind.File, string? location = null) => new(
        Options.Create(new AuthorityOptions { ServerKeySource = source, ServerKeyLocation = location }),
        Options.Create(new PortalOptions { DataDirectory = folder.FullPath }));
}
