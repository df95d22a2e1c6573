using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace StarPortal.Core.Star;

/// <summary>Meter <c>StarPortal.Star</c>: what the renewal engine does, where its time goes, and how often certificates are fetched.</summary>
public sealed class StarMetrics
{
    private readonly Counter<long> certificates;
    private readonly Counter<long> delayed;
    private readonly Counter<long> failures;
    private readonly Histogram<double> lag;
    private readonly Histogram<double> steps;
    private readonly Counter<long> fetches;

    public StarMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("StarPortal.Star");
        certificates = meter.CreateCounter<long>("starportal.star.certificates", "{certificate}", "Certificates that the renewal engine issued");
        delayed = meter.CreateCounter<long>("starportal.star.delays", "{order}", "Renewals that something stood against, each time they were tried");
        failures = meter.CreateCounter<long>("starportal.star.failures", "{round}", "Rounds of the renewal engine that came to nothing, since the database refuses or cannot be reached");
        lag = meter.CreateHistogram<double>("starportal.star.lag", "s", "How much later than due a batch's oldest order was renewed");
        steps = meter.CreateHistogram<double>("starportal.star.batch.duration", "s", "A batch of the renewal engine by step: read, judge, sign, write");
        fetches = meter.CreateCounter<long>("starportal.star.fetches", "{request}", "Answers to who asked for a STAR certificate, by outcome");
    }

    internal void CountBatch(int issued, int held, TimeSpan oldest)
    {
        certificates.Add(issued);
        delayed.Add(held);
        lag.Record(oldest.TotalSeconds);
    }

    /// <param name="startedAt">A timestamp.</param>
    internal void CountStep(string step, long startedAt) => steps.Record(Stopwatch.GetElapsedTime(startedAt).TotalSeconds, new KeyValuePair<string, object?>("step", step));

    internal void CountFailure() => failures.Add(1);

    internal void CountFetch(string outcome) => fetches.Add(1, new KeyValuePair<string, object?>("outcome", outcome));
}
