using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using StarPortal.Core.Data;
using StarPortal.Core.Jobs;
using StarPortal.Core.Mail;

namespace StarPortal.Core.Approval;

/// <summary>Reads what the CA outside has answered, a bounded number of messages a run, one after the other.</summary>
public sealed class CaMailJob(
    Maildir maildir, CaMailIntake intake, CaMailNews news, IDbContextFactory<PortalDbContext> contexts, IOptions<MailOptions> mail, IOptions<ApprovalOptions> options, TimeProvider clock) : IPortalJob
{
    public const string JobName = "ca-mail";

    public string Name => JobName;

    public async Task<string> RunAsync(CancellationToken ct)
    {
        if (!maildir.IsConfigured) return "there is no Maildir to read";
        List<CaMailOutcome> outcomes = [];
        foreach (var file in maildir.Waiting())
        {
            ct.ThrowIfCancellationRequested();
            var outcome = await intake.TakeAsync(file, ct);
            if (!outcome.IsLeft) maildir.PutAway(file);
            outcomes.Add(outcome);
            if (outcomes.Count(done => !done.IsLeft) >= options.Value.ExternalCa.MessagesPerRun) break;
        }

        var organisations = outcomes.Where(outcome => outcome.Status is CaMailStatus.SetAside).Select(outcome => outcome.OrganisationId).ToList();
        if (organisations.Count > 0) await news.TellAsync(organisations, ct);
        await PruneAsync(ct);
        return Describe(outcomes);
    }

    private static string Describe(List<CaMailOutcome> outcomes)
    {
        int Count(CaMailStatus status) => outcomes.Count(outcome => outcome.Status == status);
        var unlisted = outcomes.Count(outcome => outcome is { Status: null, IsLeft: false });
        return $"{Count(CaMailStatus.Issued)} certificates issued, {Count(CaMailStatus.SetAside)} messages set aside, {Count(CaMailStatus.Repeated)} seen before, {unlisted} put away, {outcomes.Count(outcome => outcome.IsLeft)} left";
    }

    /// <summary>Rows that nobody has to look at go with the history of outgoing mail; those that wait for an officer are limited in number.</summary>
    private async Task PruneAsync(CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var before = clock.GetUtcNow() - TimeSpan.FromDays(mail.Value.HistoryDays);
        await db.CaMails.Where(row => row.Status != CaMailStatus.SetAside && row.HandledAt < before).ExecuteDeleteAsync(ct);
    }
}
