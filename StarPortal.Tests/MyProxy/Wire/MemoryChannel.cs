using System.Text;
using StarPortal.Core.MyProxy;

namespace StarPortal.Tests.MyProxy.Wire;

/// <summary>A client without a network: what it sends, record by record, and what it was told.</summary>
internal sealed class MemoryChannel(IEnumerable<byte[]> records, bool staysSilent = false) : IChannel
{
    private readonly Queue<byte[]> waiting = new(records.Where(record => record.Length > 0));
    private int taken;

    /// <summary>Each message on its own.</summary>
    public List<byte[]> Sent { get; } = [];

    /// <summary>Everything as text, NUL as <c>|</c>.</summary>
    public string Told => string.Concat(Sent.Select(message => Encoding.Latin1.GetString(message))).Replace('\0', '|');

    public static MemoryChannel Of(params string[] records) => new(records.Select(Encoding.UTF8.GetBytes));

    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken ct)
    {
        if (waiting.Count == 0 && staysSilent) await Task.Delay(Timeout.Infinite, ct);
        if (waiting.Count == 0) return 0;
        var record = waiting.Peek();
        var count = Math.Min(buffer.Length, record.Length - taken);
        record.AsMemory(taken, count).CopyTo(buffer);
        taken += count;
        if (taken < record.Length) return count;
        waiting.Dequeue();
        taken = 0;
        return count;
    }

    public ValueTask WriteAsync(ReadOnlyMemory<byte> message, CancellationToken ct)
    {
        Sent.Add(message.ToArray());
        return ValueTask.CompletedTask;
    }
}
