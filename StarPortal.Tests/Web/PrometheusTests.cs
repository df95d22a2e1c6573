using System.Diagnostics.Metrics;
using StarPortal.Web.Hosting.Metrics;

namespace StarPortal.Tests.Web;

[Trait("Category", "Unit")]
public sealed class PrometheusTests
{
    [Fact]
    public async Task Collector_WritesCountersGaugesAndHistograms_InTheTextFormat()
    {
        using var meter = new Meter("StarPortal.Test");
        using var collector = new MetricsCollector();
        await collector.StartAsync(TestContext.Current.CancellationToken);
        meter.CreateCounter<int>("starportal.test.issued", description: "Certificates").Add(2, new KeyValuePair<string, object?>("profile", "a\"b"));
        meter.CreateObservableGauge("starportal.test.age", () => 1.5, "s");
        meter.CreateHistogram<double>("starportal.test.duration", "s").Record(0.02);

        var lines = collector.Write().Split('\n');

        Assert.Contains("# TYPE starportal_test_issued_total counter", lines);
        Assert.Contains("starportal_test_issued_total{profile=\"a\\\"b\"} 2", lines);
        Assert.Contains("starportal_test_age_seconds 1.5", lines);
        Assert.Contains("starportal_test_duration_seconds_bucket{le=\"0.01\"} 0", lines);
        Assert.Contains("starportal_test_duration_seconds_bucket{le=\"0.025\"} 1", lines);
        Assert.Contains("starportal_test_duration_seconds_count 1", lines);
    }

    [Fact]
    public async Task Collector_LeavesOtherMetersOut()
    {
        using var meter = new Meter("Somebody.Else");
        using var collector = new MetricsCollector();
        await collector.StartAsync(TestContext.Current.CancellationToken);
        meter.CreateCounter<int>("somebody.counted").Add(1);

        Assert.DoesNotContain("somebody", collector.Write(), StringComparison.Ordinal);
    }
}
