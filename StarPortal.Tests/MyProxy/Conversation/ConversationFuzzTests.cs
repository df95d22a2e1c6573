using System.Text;
using StarPortal.Core.MyProxy;
using StarPortal.Tests.Interop;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.MyProxy.Conversation;

/// <summary>Conversations as nobody would lead them: cut, glued, doubled, with wrong bytes and lengths. Each ends, none by a mistake of ours, and nothing is left behind: alone, since what others keep in memory meanwhile would count.</summary>
[Trait("Category", "Unit")]
[Collection(nameof(AloneTests))]
public sealed class ConversationFuzzTests : IAsyncLifetime
{
    private const int Count = 100_000;

    private readonly SeededNumbers numbers = new(7512);
    private ConversationScene scene = null!;
    private byte[][] texts = null!;
    private byte[][] bodies = null!;

    public async ValueTask InitializeAsync()
    {
        scene = await ConversationScene.StartAsync();
        await scene.StoreAsync();
        texts = [.. Enum.GetValues<MyProxyCommand>().Select(command => Encoding.UTF8.GetBytes(ConversationScene.Request(command, "CRED_NAME=n\nRETRIEVER=*\n")))];
        bodies = [ConversationScene.SigningRequest(), ChainWriter.Write([scene.Pki.User.Der, scene.Pki.Root.Der]), scene.StoreBody(), [4, 0, 0, 0, 0, 0, 0, 1, 9, 1, 0x30, 0]];
    }

    public ValueTask DisposeAsync() => scene.DisposeAsync();

    [Fact]
    public async Task Conversations_End_WithoutAMistakeOfOurs()
    {
        await RunManyAsync(Count / 10);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        await RunManyAsync(Count - (Count / 10));
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 8L * 1024 * 1024);
    }

    private async Task RunManyAsync(int count)
    {
        for (var done = 0; done < count; done++)
        {
            var peer = numbers.Below(2) == 0 ? ConversationScene.Bob : ConversationScene.Nobody;
            var channel = await scene.RunAsync(peer, Conversation());
            Assert.NotEqual(ConversationOutcome.Failed, scene.Outcome);
            if (scene.Outcome is ConversationOutcome.Refused) Assert.EndsWith("\n|", channel.Told, StringComparison.Ordinal);
        }
    }

    private IEnumerable<byte[]> Conversation()
    {
        byte[] all = [.. SpoilText(numbers.Pick(texts)), .. Spoil(numbers.Pick(bodies), kinds: 7)];
        return all.Length == 0 ? [] : all.Chunk(1 + numbers.Below(all.Length));
    }

    /// <summary>One in thirty gets past the parser as a rule, so that what comes later is reached as well; as many as that, since the services take a hundred times as long.</summary>
    private byte[] SpoilText(byte[] whole) => Spoil(whole, numbers.Below(30) == 0 ? 7 : 4);

    private byte[] Spoil(byte[] whole, int kinds)
    {
        var copy = whole.ToArray();
        var at = numbers.Below(copy.Length);
        switch (numbers.Below(kinds))
        {
            case 0: return copy[..at];
            case 1: return copy[(1 + at)..];
            case 2: return [.. copy[..^1], .. copy];
            case 3: return numbers.Bytes(numbers.Below(3000));
            case 4: return [.. copy[..at], .. numbers.Bytes(numbers.Below(40)), .. copy[at..]];
            case 5: return copy;
            default:
                for (var changed = 0; changed <= numbers.Below(8); changed++) copy[numbers.Below(copy.Length)] = (byte)numbers.Next();
                return copy;
        }
    }
}
