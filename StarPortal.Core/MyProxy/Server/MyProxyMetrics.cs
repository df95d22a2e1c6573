using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace StarPortal.Core.MyProxy;

/// <summary>Meter <c>StarPortal.MyProxy</c>: what clients ask, how it ends and how long it takes, and connections that come to nothing.</summary>
public sealed class MyProxyMetrics
{
    private readonly Counter<long> commands;
    private readonly Histogram<double> durations;
    private readonly Counter<long> dropped;

    public MyProxyMetrics(IMeterFactory meters, LiveConnections live)
    {
        var meter = meters.Create("StarPortal.MyProxy");
        commands = meter.CreateCounter<long>("starportal.myproxy.commands", "{command}", "Conversations by command and by how they ended");
        durations = meter.CreateHistogram<double>("starportal.myproxy.duration", "s", "Conversations, from the request to the last reply");
        dropped = meter.CreateCounter<long>("starportal.myproxy.dropped", "{connection}", "Connections that ended before a request, by reason");
        meter.CreateObservableGauge("starportal.myproxy.connections", () => live.Count, "{connection}", "Connections that are open");
    }

    internal void CountConversation(MyProxyCommand? command, ConversationOutcome outcome, long startedAt)
    {
        var tags = new TagList { { "command", command?.ToString() ?? "none" }, { "outcome", outcome.ToString() } };
        commands.Add(1, tags);
        durations.Record(Stopwatch.GetElapsedTime(startedAt).TotalSeconds, tags);
    }

    /// <param name="reason">A few fixed words: <c>limit</c>, <c>no-tls</c>, <c>silent</c>, <c>no-myproxy</c>.</param>
    internal void CountDropped(string reason) => dropped.Add(1, new KeyValuePair<string, object?>("reason", reason));
}
