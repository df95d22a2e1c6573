using System.Text;
using StarPortal.Core.MyProxy;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.MyProxy.Conversation;

/// <summary>Conversations as nobody would lead them: cut, glued, doubled, with wrong bytes and lengths. Each ends, none by a mistake of ours, and nothing is left behind.</summary>
[Trait("Category", "Unit")]
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
        byte[] all = [.. Spoil(numbers.Pick(texts)), .. Spoil(numbers.Pick(bodies))];
        return all.Length == 0 ? [] : all.Chunk(1 + numbers.Below(all.Length));
    }

    /// <summary>One in sixty stays as it is, so that what comes later is reached as well.</summary>
    private byte[] Spoil(byte[] whole)
    {
        if (numbers.Below(60) == 0) return whole;
        var copy = whole.ToArray();
        var at = numbers.Below(copy.Length);
        switch (numbers.Below(6))
        {
            case 0: return copy[..at];
            case 1: return copy[at..];
            case 2: return [.. copy[..at], .. numbers.Bytes(numbers.Below(40)), .. copy[at..]];
            case 3: return [.. copy, .. copy];
            case 4: return numbers.Bytes(numbers.Below(3000));
            default:
                for (var changed = 0; changed <= numbers.Below(8); changed++) copy[numbers.Below(copy.Length)] = (byte)numbers.Next();
                return copy;
        }
    }
}
