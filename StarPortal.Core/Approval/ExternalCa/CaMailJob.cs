using Microsoft.Extensions.Options;
using StarPortal.Core.Jobs;
using StarPortal.Core.Mail;

namespace StarPortal.Core.Approval;

/// <summary>Reads what the CA outside has answered, a bounded number of messages a run, one after the other.</summary>
public sealed class CaMailJob(Maildir maildir, CaMailIntake intake, CaMailNews news, CaMailHistory history, IOptions<ApprovalOptions> options) : IPortalJob
{
    public const string JobName = "ca-mail";

    public string Name => JobName;

    public async Task<string> RunAsync(CancellationToken ct)
    {
        if (!intake.IsInUse || !maildir.IsConfigured) return "there is no CA outside";
        var (outcomes, left) = (new List<CaMailOutcome>(), 0);
        foreach (var file in maildir.Waiting())
        {
            ct.ThrowIfCancellationRequested();
            var outcome = await intake.TakeAsync(file, ct);
            if (outcome is null || !maildir.TryPutAway(file)) left++;
            if (outcome is not null) outcomes.Add(outcome);
            if (outcomes.Count >= options.Value.ExternalCa.MessagesPerRun) break;
        }

        var organisations = outcomes.Where(outcome => outcome.Status is CaMailStatus.SetAside).Select(outcome => outcome.OrganisationId).Distinct().ToList();
        if (organisations.Count > 0) await news.TellOfMessagesAsync(organisations, ct);
        await history.PruneAsync(ct);
        return Describe(outcomes, left);
    }

    private static string Describe(List<CaMailOutcome> outcomes, int left)
    {
        int Count(CaMailStatus? status) => outcomes.Count(outcome => outcome.Status == status);
        return $"{Count(CaMailStatus.Issued)} certificates issued, {Count(CaMailStatus.SetAside)} messages set aside, {Count(CaMailStatus.Repeated)} seen before, {Count(null)} put away, {left} left";
    }
}
