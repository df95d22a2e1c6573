using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using StarPortal.Core.MyProxy;
using StarPortal.Core.Shared;

namespace StarPortal.Tests.MyProxy.Wire;

[Trait("Category", "Unit")]
public sealed class AuthorizationAnswerTests
{
    private const string Challenge = "0123456789abcdef0123456789abcdef";

    private static readonly GridPki Pki = new(DateTimeOffset.UnixEpoch.AddYears(50));

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(2, "SHA1")]
    [InlineData(4, "SHA256")]
    public async Task Answer_IsOverTheChallenge_WithEitherHash(byte method, string hash)
    {
        var answer = await ReadAsync(Answer(method, Sign(Challenge, hash)));
        Assert.Equal([Pki.User.Der, Pki.Root.Der], answer.Chain);
        Assert.True(answer.IsOver(Challenge));
        Assert.False(answer.IsOver(Challenge.ToUpperInvariant()));
    }

    [Fact]
    public async Task Answer_IsNotOverTheChallenge_WhenAnotherKeySignedIt()
    {
        var forged = Answer(4, Sign(Challenge, "SHA256"), Pki.Host);
        Assert.False((await ReadAsync(forged)).IsOver(Challenge));
    }

    [Fact]
    public async Task Answer_IsNotOverTheChallenge_WhenItsCertificateIsRubbish() =>
        Assert.False((await ReadAsync([4, 0, 0, 0, 0, 0, 0, 1, 7, 1, 0x30, 1, 5])).IsOver(Challenge));

    [Theory]
    [InlineData(new byte[] { 1, 0, 0, 0, 0, 0, 0, 6, 1, 2, 3 }, "Only the method")]
    [InlineData(new byte[] { 3, 0, 0, 0, 0 }, "Only the method")]
    [InlineData(new byte[] { 4, 0, 0, 0, 0, 0, 0, 0 }, "length can't be")]
    [InlineData(new byte[] { 4, 0, 0, 0, 0xff, 0xff, 0xff, 0xff }, "length can't be")]
    [InlineData(new byte[] { 4, 0, 0, 0, 0, 0, 1, 0, 9 }, "ends before")]
    [InlineData(new byte[] { 4, 0 }, "ends before")]
    [InlineData(new byte[] { 4, 0, 0, 0, 0, 0, 0, 1, 9, 0 }, "between 1 and 10")]
    public async Task Answer_IsRefused_WhenItsBytesAreWrong(byte[] sent, string why) =>
        Assert.Contains(why, (await Assert.ThrowsAsync<ServiceException>(() => ReadAsync(sent))).Message, StringComparison.Ordinal);

    private static byte[] Answer(byte method, byte[] signature, GridCredential? signer = null)
    {
        var length = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, signature.Length);
        return [method, 0, 0, 0, .. length, .. signature, .. ChainWriter.Write([(signer ?? Pki.User).Der, Pki.Root.Der])];
    }

    private static byte[] Sign(string text, string hash) =>
        ((RSA)Pki.User.Key).SignData(Encoding.ASCII.GetBytes(text), new HashAlgorithmName(hash), RSASignaturePadding.Pkcs1);

    private static async Task<AuthorizationAnswer> ReadAsync(byte[] sent)
    {
        using var reader = new MessageReader(new MemoryChannel([sent]), TimeSpan.FromSeconds(30));
        return await AuthorizationAnswer.ReadAsync(reader, Ct);
    }
}
