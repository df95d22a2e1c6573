using StarPortal.Core.Authority;
using StarPortal.Core.Data;
using StarPortal.Core.Enrollment;
using StarPortal.Core.Jobs;
using StarPortal.Core.MyProxy;
using StarPortal.Core.Registry;
using StarPortal.Web.Components.Shared;

namespace StarPortal.Web.Hosting.Status;

/// <summary>One line of the status page.</summary>
/// <param name="Kind">As a chip's: good, wait or bad.</param>
public sealed record StatusLine(string Name, string Kind, string State, string Detail);

/// <summary>The status in the words of people.</summary>
public static class StatusLines
{
    private static readonly TimeSpan LateAfter = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan DownAfter = TimeSpan.FromHours(1);
    private static readonly TimeSpan WaitsLongAfter = TimeSpan.FromDays(3);
    private static readonly TimeSpan SoonEnds = TimeSpan.FromDays(7);

    /// <param name="status">As read.</param>
    /// <param name="now">By the portal's clock, which a demo may have wound.</param>
    /// <param name="servesMyProxy">Whether grid clients are served.</param>
    public static IReadOnlyList<StatusLine> Of(PortalStatus status, DateTimeOffset now, bool servesMyProxy) =>
    [
        status.Outbox is null
            ? new("Database", "bad", "Does not answer", "Pages that need it can't be shown. What was saved is safe.")
            : new("Database", "good", "Works", "Answers."),
        .. status.Issuers.Where(issuer => issuer.Name != Issuers.Root).Select(issuer => Issuing(issuer, now)),
        .. status.Issuers.Select(issuer => Crl(issuer, now)),
        .. servesMyProxy && status.Issuers.Any(issuer => issuer is { Name: Issuers.People, IsRsa: false }) ? [NotForGrid] : Array.Empty<StatusLine>(),
        .. status.Requests is { } requests ? [Requests(requests, now)] : Array.Empty<StatusLine>(),
        .. Queue("Mail", status.Mail, now, "mail", "mails"),
        .. Queue("Work in the background", status.Outbox, now, "item", "items"),
        .. status.Registry.IsConfigured ? [Outside(status.Registry, now)] : Array.Empty<StatusLine>(),
        .. status.Jobs.Count == 0 ? [] : new[] { JobsLine(status.Jobs, now) },
        .. status.Mirrors.Count == 0 ? [] : new[] { MirrorLine(status.Mirrors, now) },
        .. status.SiteCertificateEndsAt is { } ends ? [Site(ends)] : Array.Empty<StatusLine>(),
    ];

    /// <summary>grid-proxy-init, myproxy-init and the genuine server take certificates only whose signature is RSA (PKCS#1 v1.5); our own server gives proxies all the same.</summary>
    private static StatusLine NotForGrid { get; } = new(
        "MyProxy", "wait", "Not for all clients", "The CA for people signs with an EC key: logons work, but grid tools can't make or delegate proxies from such certificates. They need RSA (Authority:People:Algorithm).");

    /// <summary>One sentence over all lines.</summary>
    public static (string Kind, string Title) Summary(IReadOnlyList<StatusLine> lines) =>
        lines.Any(line => line.Kind == "bad") ? ("bad", "Something does not work")
        : lines.Any(line => line.Kind == "wait") ? ("warn", "Everything works, something is slow")
        : ("good", "Everything works");

    private static StatusLine Issuing(IssuerState issuer, DateTimeOffset now) => new(
        $"Issuing: {issuer.Name}", issuer.CanSign && now < issuer.NotAfter ? "good" : "bad", issuer.CanSign ? "Works" : "Can't sign",
        $"The CA's own certificate ends {RelativeTime.Describe(issuer.NotAfter, now)}.");

    private static StatusLine Crl(IssuerState issuer, DateTimeOffset now) => issuer switch
    {
        { CrlIssuedAt: { } issued, CrlValidUntil: { } until } when now < until => new(
            $"Revocation list: {issuer.Name}", "good", "Fresh", $"Signed {RelativeTime.Describe(issued, now)}, good for another {RelativeTime.Span(until - now)}."),
        { CrlValidUntil: { } until } => new($"Revocation list: {issuer.Name}", "bad", "Out of date", $"Ran out {RelativeTime.Describe(until, now)}: clients that check it refuse certificates."),
        _ => new($"Revocation list: {issuer.Name}", "bad", "Missing", "None has been signed yet."),
    };

    private static IEnumerable<StatusLine> Queue(string name, OutboxState? queue, DateTimeOffset now, string one, string many)
    {
        if (queue is null) yield break;
        var waits = $"{queue.Pending} {(queue.Pending == 1 ? one : many)} on the way";
        if (queue.Dead > 0) yield return new(name, "bad", $"{queue.Dead} given up", $"An administrator has to look at {(queue.Dead == 1 ? "it" : "them")}; {waits}.");
        else if (queue.OldestDue is { } oldest && now - oldest > LateAfter) yield return new(name, "wait", "Late", $"{waits}, the oldest due {RelativeTime.Describe(oldest, now)}.");
        else yield return new(name, "good", "Works", queue.Pending == 0 ? "Nothing waits." : $"{waits}.");
    }

    /// <summary>Why it fails is for administrators: the page is public.</summary>
    private static StatusLine Outside(OutsideState outside, DateTimeOffset now)
    {
        var waits = outside.Waiting == 1 ? "1 change waits" : $"{outside.Waiting} changes wait";
        if (outside.Trouble is not null && outside.Since is { } since)
            return new("Outside registry", now - since > DownAfter ? "bad" : "wait", "Does not take changes", $"{waits}, the oldest since {RelativeTime.Describe(since, now)}. Nothing is lost: they are tried again by themselves.");
        return outside.Held > 0
            ? new("Outside registry", "wait", "Needs an administrator", $"{outside.Held} people there are not known here.")
            : new("Outside registry", "good", "Works", outside.Waiting == 0 ? "It knows all changes." : $"{waits}.");
    }

    private static StatusLine Requests(BacklogState requests, DateTimeOffset now) => requests switch
    {
        { Waiting: 0, OnHold: 0 } => new("Requests", "good", "None waits", "Officers have decided on all of them."),
        { Waiting: 0 } => new("Requests", "good", "None waits", $"{requests.OnHold} on hold for an answer."),
        _ => new("Requests", now - requests.OldestSince > WaitsLongAfter ? "wait" : "good", $"{requests.Waiting} waiting", $"The oldest has waited for {RelativeTime.Span(now - requests.OldestSince!.Value)}."),
    };

    private static StatusLine JobsLine(IReadOnlyList<JobState> jobs, DateTimeOffset now)
    {
        var failed = jobs.Where(job => job.Last?.Outcome is JobOutcome.Failed or JobOutcome.Interrupted).Select(job => job.Name).ToList();
        var next = jobs.Where(job => job.NextAt is not null).MinBy(job => job.NextAt);
        var detail = next is null ? "" : $" Next: {next.Name} {RelativeTime.Describe(next.NextAt!.Value, now)}.";
        return failed.Count == 0
            ? new("Scheduled jobs", "good", "Work", $"{jobs.Count} jobs.{detail}")
            : new("Scheduled jobs", "wait", $"{failed.Count} failed last", $"{string.Join(", ", failed)}: tried again at the next turn.{detail}");
    }

    private static StatusLine MirrorLine(IReadOnlyList<MirrorSide> sides, DateTimeOffset now)
    {
        const string name = "Copies of MyProxy elsewhere";
        var (behind, apart) = (sides.Count(side => side.IsBehind(now)), sides.Count(side => !side.IsInStep));
        if (behind > 0) return new(name, "bad", $"{behind} of {sides.Count} behind", "For more than two nights: people who were removed here may be able to log on there.");
        return apart > 0
            ? new(name, "wait", $"{apart} of {sides.Count} not in step", "The next run tries again.")
            : new(name, "good", "In step", $"The last run was {RelativeTime.Describe(sides.Max(side => side.State!.LastRunAt!.Value), now)}.");
    }

    /// <summary>By real time: browsers do not know the demo's clock.</summary>
    private static StatusLine Site(DateTimeOffset ends)
    {
        var left = ends - TimeProvider.System.GetUtcNow();
        return new("This site's certificate", left > SoonEnds ? "good" : left > TimeSpan.Zero ? "wait" : "bad", left > TimeSpan.Zero ? "Valid" : "Expired",
            left > TimeSpan.Zero ? $"For another {RelativeTime.Span(left)}; renewed by itself." : "Browsers refuse it.");
    }
}
