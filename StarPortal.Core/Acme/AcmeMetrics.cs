using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace StarPortal.Core.Acme;

/// <summary>Meter <c>StarPortal.Acme</c>: how often each step is taken, how long it takes, and how it ends.</summary>
public sealed class AcmeMetrics
{
    private readonly Histogram<double> requests;
    private readonly Histogram<double> checks;
    private readonly long[] refusedOrders = new long[Enum.GetValues<AcmeProblemType>().Length];

    public AcmeMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("StarPortal.Acme");
        requests = meter.CreateHistogram<double>("starportal.acme.request.duration", "s", "Requests by step (their route) and outcome: ok, or the type of the problem");
        checks = meter.CreateHistogram<double>("starportal.acme.check.duration", "s", "What was asked of the world outside, by kind (a challenge's type, or caa) and outcome: ok, or the type of the problem");
    }

    /// <summary>New orders that were refused since this node started, the most frequent reason first.</summary>
    public IReadOnlyList<KeyValuePair<AcmeProblemType, long>> RefusedOrders =>
        [.. Enum.GetValues<AcmeProblemType>().Select(type => KeyValuePair.Create(type, Interlocked.Read(ref refusedOrders[(int)type]))).Where(refused => refused.Value > 0).OrderByDescending(refused => refused.Value)];

    /// <param name="problem">Null: it was answered as asked.</param>
    internal void CountRequest(HttpContext http, AcmeProblemType? problem, long startedAt)
    {
        var step = (http.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "none";
        requests.Record(Stopwatch.GetElapsedTime(startedAt).TotalSeconds, new("step", step), new("outcome", OutcomeOf(problem)));
        // A nonce that was not known costs a client one more try, and no order.
        if (problem is { } type and not AcmeProblemType.BadNonce && step.EndsWith("/new-order", StringComparison.Ordinal)) Interlocked.Increment(ref refusedOrders[(int)type]);
    }

    internal void CountCheck(string kind, ValidationOutcome outcome, long startedAt) =>
        checks.Record(Stopwatch.GetElapsedTime(startedAt).TotalSeconds, new("kind", kind), new("outcome", OutcomeOf(outcome.Problem)));

    private static string OutcomeOf(AcmeProblemType? problem) => problem is { } type ? type.Token : "ok";
}
