using System.Diagnostics.Metrics;
using StarPortal.Core.Jobs;
using StarPortal.Web.Hosting.Status;

namespace StarPortal.Web.Hosting.Metrics;

/// <summary>How the portal stands, as gauges: what an operator wants to be woken for.</summary>
internal sealed class StatusGauges : IHostedService
{
    private readonly StatusReader reader;
    private readonly TimeProvider clock;

    public StatusGauges(StatusReader reader, TimeProvider clock, IMeterFactory meters)
    {
        (this.reader, this.clock) = (reader, clock);
        var meter = meters.Create("StarPortal.Status");
        Gauge(meter, "starportal.outbox.pending", null, "Deeds that wait to be done", status => Once(status.Outbox?.Pending));
        Gauge(meter, "starportal.outbox.dead", null, "Deeds that were given up", status => Once(status.Outbox?.Dead));
        Gauge(meter, "starportal.outbox.oldest", "s", "How long the longest waiting deed has been due", status => Once(Age(status.Outbox?.OldestDue)));
        Gauge(meter, "starportal.mail.pending", null, "Mails that wait to be sent", status => Once(status.Mail?.Pending));
        Gauge(meter, "starportal.mail.dead", null, "Mails that were given up", status => Once(status.Mail?.Dead));
        Gauge(meter, "starportal.requests.waiting", null, "Requests that wait for an officer's decision", status => Once(status.Requests?.Waiting));
        Gauge(meter, "starportal.requests.on_hold", null, "Requests that wait for an answer of the requester", status => Once(status.Requests?.OnHold));
        Gauge(meter, "starportal.requests.oldest", "s", "How long the longest waiting request has waited", status => Once(Age(status.Requests?.OldestSince)));
        Gauge(meter, "starportal.registry.waiting", null, "Changes that the outside registry has not been told of", status => Once(status.Registry.IsConfigured ? status.Registry.Waiting : null));
        Gauge(meter, "starportal.registry.oldest", "s", "How long the oldest of them has waited", status => Once(Age(status.Registry.Since)));
        Gauge(meter, "starportal.registry.divergence", null, "Differences that the last comparison with the outside registry found", status => Once(status.Registry.IsConfigured ? status.Registry.Divergent : null));
        Gauge(meter, "starportal.crl.age", "s", "Since the newest CRL was signed", status => status.Issuers.SelectMany(issuer => Labelled(Age(issuer.CrlIssuedAt), "issuer", issuer.Name)));
        Gauge(meter, "starportal.crl.remaining", "s", "Until the newest CRL runs out", status => status.Issuers.SelectMany(issuer => Labelled(-Age(issuer.CrlValidUntil), "issuer", issuer.Name)));
        Gauge(meter, "starportal.issuer.remaining", "s", "Until the CA's own certificate ends", status => status.Issuers.SelectMany(issuer => Labelled(-Age(issuer.NotAfter), "issuer", issuer.Name)));
        Gauge(meter, "starportal.job.failed", null, "1 when the job's last run failed", status => status.Jobs.SelectMany(job => Labelled(job.Last?.Outcome is JobOutcome.Failed or JobOutcome.Interrupted ? 1 : 0, "job", job.Name)));
        Gauge(meter, "starportal.job.age", "s", "Since the job's last run began", status => status.Jobs.SelectMany(job => Labelled(Age(job.Last?.StartedAt), "job", job.Name)));
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private void Gauge(Meter meter, string name, string? unit, string description, Func<PortalStatus, IEnumerable<Measurement<double>>> read) =>
        meter.CreateObservableGauge(name, () => reader.Last is { } status ? read(status) : [], unit, description);

    private double? Age(DateTimeOffset? since) => since is { } instant ? (clock.GetUtcNow() - instant).TotalSeconds : null;

    private static IEnumerable<Measurement<double>> Once(double? value) => value is { } known ? [new Measurement<double>(known)] : [];

    private static IEnumerable<Measurement<double>> Labelled(double? value, string label, string text) =>
        value is { } known ? [new Measurement<double>(known, new KeyValuePair<string, object?>(label, text))] : [];
}
