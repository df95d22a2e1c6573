using System.Collections.Concurrent;
using Microsoft.Extensions.Options;

namespace StarPortal.Core.MyProxy;

/// <summary>Who is connected, and whether one more may be: so many at once, and so many from one address.</summary>
public sealed class LiveConnections(IOptions<MyProxyOptions> options, TimeProvider clock)
{
    private readonly ConcurrentDictionary<long, LiveConnection> open = new();
    private readonly Dictionary<string, int> perAddress = new(StringComparer.Ordinal);
    private readonly Lock gate = new();
    private long lastId;

    public int Count => open.Count;

    /// <summary>As it is at this moment, oldest first.</summary>
    public IReadOnlyList<LiveConnection> List() => [.. open.Values.OrderBy(one => one.Id)];

    /// <returns>Null: there are too many.</returns>
    internal LiveConnection? TryAdd(string address)
    {
        lock (gate)
        {
            var sameAddress = perAddress.GetValueOrDefault(address);
            if (open.Count >= options.Value.MaxConnections || sameAddress >= options.Value.MaxConnectionsPerAddress) return null;
            perAddress[address] = sameAddress + 1;
            return open[++lastId] = new(lastId, address, clock.GetUtcNow());
        }
    }

    internal void Remove(LiveConnection connection)
    {
        lock (gate)
        {
            if (!open.TryRemove(connection.Id, out _)) return;
            if (--perAddress[connection.Address] == 0) perAddress.Remove(connection.Address);
        }
    }
}
