using StarPortal.Core.Data;
using StarPortal.Core.Delegation;
using StarPortal.Core.Identity;
using StarPortal.Core.Jobs;
using StarPortal.Core.Mail;
using StarPortal.Core.Registry;
using StarPortal.Core.Star;

namespace StarPortal.Web.Components.Pages.Admin;

/// <summary>Something that an administrator has to see to, and where.</summary>
/// <param name="Kind">bad or warn.</param>
public sealed record AdminAlarm(string Kind, string Title, string Text, string Href, string Action);

/// <summary>What is wrong, the worst first: a function of what the rooms say about themselves.</summary>
public static class AdminAlarms
{
    public static IReadOnlyList<AdminAlarm> Of(IReadOnlyList<OrganisationCover> covers, UserCounts users, MailCounts mail, IReadOnlyList<JobState> jobs, IReadOnlyList<OutboxTrouble> deeds, IReadOnlyList<string> undecidable, StarTrouble star, DelegationTrouble delegation, OutsideState? registry = null) =>
        [.. Covers(covers).Concat(Running(mail, jobs)).Concat(Deeds(deeds)).Concat(Renewals(star)).Concat(Delegations(delegation)).Concat(Outside(registry)).Concat(Undecidable(undecidable)).Concat(People(covers, users)).OrderBy(alarm => alarm.Kind is not "bad")];

    private static IEnumerable<AdminAlarm> Covers(IReadOnlyList<OrganisationCover> covers) => covers.Where(cover => cover is { IsOpen: true, IsThin: true })
        .Select(cover => cover.IsBare
            ? new AdminAlarm("bad", $"{cover.Organisation} has no officer", "Its requests come to the administrators.", OfficersOf(cover), "Appoint officers")
            : new AdminAlarm("warn", $"{cover.Organisation} has {Words(cover.Officers, "active officer")}",
                $"{(cover.Deputies > 0 ? $"{Words(cover.Deputies, "deputy", "deputies")} can step in. " : "")}Two keep requests moving when one is away.", OfficersOf(cover), "Appoint another"));

    private static IEnumerable<AdminAlarm> Running(MailCounts mail, IReadOnlyList<JobState> jobs)
    {
        if (mail.Dead > 0)
            yield return new("bad", $"{Words(mail.Dead, "mail was", "mails were")} given up", "Somebody waits for a mail that will not come by itself.", "/admin/mail?state=Dead", "See why, and try again");
        foreach (var job in jobs.Where(job => job.Last?.Outcome is JobOutcome.Failed))
            yield return new("bad", $"The job {job.Name} failed", job.Last!.Result ?? "It gave no reason.", $"/admin/jobs/{job.Name}", "See its runs");
    }

    private static IEnumerable<AdminAlarm> Deeds(IReadOnlyList<OutboxTrouble> deeds) => deeds.Where(deed => deed.Kind is not "mail").Select(deed => new AdminAlarm( // Mails have a page of their own.
       
        deed.IsDead ? "bad" : "warn", $"{Words(deed.Count, "deed", "deeds")} of the kind {deed.Kind} {(deed.IsDead ? "given up" : "failing")}",
        $"The newest says: {deed.LastError}{(deed.IsDead ? "" : " It is tried again by itself.")}", "/status", "See how everything stands"));

    private static IEnumerable<AdminAlarm> Undecidable(IReadOnlyList<string> names) => names.Select(name => new AdminAlarm(
        "bad", $"Nobody may decide the request of {name}", "Nobody decides their own request, and there is no other officer or administrator for it.", "/admin/officers", "Appoint one"));

    private static IEnumerable<AdminAlarm> Renewals(StarTrouble star)
    {
        if (star.Standing > 0)
            yield return new("bad", $"{Capped(star.Standing)} {(star.Standing == 1 ? "STAR order is" : "STAR orders are")} not renewed",
                $"The longest since {star.Since:d MMM HH:mm} UTC: {star.Reason} It is tried again by itself.", "/admin/star?state=Troubled", "See which");
        if (star.Late > 0)
            yield return new("bad", $"{Capped(star.Late)} STAR {(star.Late == 1 ? "certificate is" : "certificates are")} late",
                $"The oldest was due on {star.LateSince:d MMM HH:mm} UTC, and nothing stands against it: look whether the portal has enough time and a database that answers.", "/admin/star?state=Late", "See which");
    }

    private static IEnumerable<AdminAlarm> Delegations(DelegationTrouble trouble)
    {
        if (trouble.Standing > 0)
            yield return new("bad", $"{Capped(trouble.Standing)} delegated {(trouble.Standing == 1 ? "certificate is" : "certificates are")} not renewed by another CA",
                $"The first ends on {trouble.FirstEnd:d MMM HH:mm} UTC. {trouble.Reason} It is tried again by itself.", "/delegations", "See the delegations");
    }

    /// <summary>That it does not take changes is among the deeds that fail.</summary>
    private static IEnumerable<AdminAlarm> Outside(OutsideState? registry)
    {
        if (registry is { Held: > 0 and var held })
            yield return new("bad", $"{Words(held, "person is", "people are")} in the outside registry and not here", "So many are not removed there until you have looked.", "/admin/registry/outside", "See who");
    }

    private static string Capped(int count) => count < StarTroubles.MostCounted ? $"{count}" : $"{count} or more";

    private static IEnumerable<AdminAlarm> People(IReadOnlyList<OrganisationCover> covers, UserCounts users)
    {
        if (users.PrivilegedWithoutSecondFactor > 0)
            yield return new("warn", $"{Words(users.PrivilegedWithoutSecondFactor, "person has", "people have")} a role but no second factor",
                "They can't use the role until they set one up, which their next sign-in asks for.", "/admin/officers", "See the roles");
        if (!covers.Any(cover => cover.IsOpen))
            yield return new("warn", "No organisation takes requests", "People ask within an organisation, and its officers decide.", "/admin/organisations", "Create one");
    }

    private static string OfficersOf(OrganisationCover cover) => $"/admin/officers?organisation={cover.OrganisationId}";

    private static string Words(long count, string one, string? many = null) => $"{count} {(count == 1 ? one : many ?? one + "s")}";
}
