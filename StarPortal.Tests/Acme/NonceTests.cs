using System.Buffers.Text;
using StarPortal.Core.Acme;
using StarPortal.Core.Data;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Acme;

/// <summary>RFC 8555 6.5: what was issued is taken once, here and on every other node.</summary>
[Trait("Category", "Unit")]
public sealed class NonceTests
{
    [Fact]
    public void Window_TakesEachNonceOnce()
    {
        var window = new NonceWindow(64);
        var nonces = Enumerable.Range(0, 50).Select(_ => Base64Url.DecodeFromChars(window.Issue())).ToList();
        Assert.All(nonces, nonce => Assert.True(window.Redeem(nonce)));
        Assert.All(nonces, nonce => Assert.False(window.Redeem(nonce)));
    }

    [Fact]
    public void Window_ForgetsTheOldest_AndItsPlacesServeAgain()
    {
        var window = new NonceWindow(64);
        var old = Base64Url.DecodeFromChars(window.Issue());
        Assert.True(window.Redeem(old));
        var later = Enumerable.Range(0, 64).Select(_ => Base64Url.DecodeFromChars(window.Issue())).ToList();
        Assert.False(window.Redeem(old));
        Assert.All(later, nonce => Assert.True(window.Redeem(nonce)));
    }

    [Fact]
    public void Window_TakesNothingOfAnother_NorWhatWasChanged()
    {
        var window = new NonceWindow(64);
        var nonce = Base64Url.DecodeFromChars(window.Issue());
        Assert.False(new NonceWindow(64).Redeem(nonce));
        for (var bit = 0; bit < nonce.Length * 8; bit++)
        {
            var changed = nonce.ToArray();
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(window.Redeem(changed));
        }

        Assert.True(window.Redeem(nonce));
    }

    [Fact]
    public async Task Window_GivesANonceToOneOfManyThreads()
    {
        var window = new NonceWindow(4096);
        var nonces = Enumerable.Range(0, 2000).Select(_ => Base64Url.DecodeFromChars(window.Issue())).ToList();
        var taken = 0;
        await Parallel.ForEachAsync(Enumerable.Range(0, 4), TestContext.Current.CancellationToken, (_, _) =>
        {
            foreach (var nonce in nonces) if (window.Redeem(nonce)) Interlocked.Increment(ref taken);
            return ValueTask.CompletedTask;
        });
        Assert.Equal(2000, taken);
    }

    [Theory]
    [MemberData(nameof(TestDatabase.Providers), MemberType = typeof(TestDatabase))]
    public async Task SharedNonce_IsTakenOnce_OfManyAtOnce(DatabaseProvider provider)
    {
        await using var portal = await TestPortal.StartAsync(provider: provider);
        var shared = portal.Get<SharedNonces>();
        var nonce = Base64Url.DecodeFromChars(shared.Issue());
        var taken = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => shared.RedeemAsync(nonce).AsTask()));
        Assert.Single(taken, isTaken => isTaken);
        Assert.False(await shared.RedeemAsync(nonce));
    }

    [Fact]
    public async Task SharedNonce_GrowsOld_AndIsForgotten()
    {
        await using var portal = await TestPortal.StartAsync();
        var shared = portal.Get<SharedNonces>();
        var (used, late) = (Base64Url.DecodeFromChars(shared.Issue()), Base64Url.DecodeFromChars(shared.Issue()));
        Assert.True(await shared.RedeemAsync(used));
        portal.Clock.Advance(SharedNonces.Lifetime);
        Assert.False(await shared.RedeemAsync(late));
        Assert.Equal(0, await shared.PruneAsync(TestContext.Current.CancellationToken));
        portal.Clock.Advance(2 * SharedNonces.Lifetime);
        Assert.Equal(1, await shared.PruneAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Nodes_ShareTheirNonces_OnceTheyKnowOfEachOther()
    {
        await using var first = await WebPortal.StartAsync(provider: DatabaseProvider.PostgreSql);
        await first.Get<AcmeNodes>().BeatAsync(TestContext.Current.CancellationToken);
        Assert.True(first.Get<AcmeNodes>().IsAlone);
        await using var second = await WebPortal.StartAsync(onDatabaseOf: first);
        await second.Get<AcmeNodes>().BeatAsync(TestContext.Current.CancellationToken);
        var own = first.Get<AcmeNonces>().Issue();

        // The first does not know yet: what it issues does for itself alone, and the second says badNonce with one that does everywhere.
        await Assert.ThrowsAsync<AcmeException>(async () => await second.Get<AcmeNonces>().RedeemAsync(own));
        await first.Get<AcmeNonces>().RedeemAsync(second.Get<AcmeNonces>().Issue());

        await first.Get<AcmeNodes>().BeatAsync(TestContext.Current.CancellationToken);
        var nonce = first.Get<AcmeNonces>().Issue();
        await second.Get<AcmeNonces>().RedeemAsync(nonce);
        await Assert.ThrowsAsync<AcmeException>(async () => await first.Get<AcmeNonces>().RedeemAsync(nonce));

        first.Clock.Advance(TimeSpan.FromMinutes(2));
        await first.Get<AcmeNodes>().BeatAsync(TestContext.Current.CancellationToken);
        Assert.True(first.Get<AcmeNodes>().IsAlone);
    }
}
