using System.Diagnostics;
using Microsoft.Extensions.Options;

namespace StarPortal.Core.Acme;

/// <summary>RFC 8659: CAA records are asked for each name at the moment of issuing, at once as far as the slots of validation go. Names that the portal itself granted are its own business.</summary>
public sealed class CaaGate(ICaaChecker checker, ValidationSlots slots, AcmeMetrics metrics, IOptions<AcmeOptions> options)
{
    /// <exception cref="AcmeException">caa, or compound with a subproblem for each name.</exception>
    public Task RequireAsync(AcmeCaller caller, OrderView view, CancellationToken ct) => RequireAsync(
        view.Authorizations.Where(authorization => authorization.Waiver is null && authorization.Identifier.Type is AcmeIdentifierType.Dns)
            .Select(authorization => new CaaQuestion(authorization.Identifier, authorization.IsWildcard, authorization.Chosen?.Token ?? "")),
        caller.AccountUrl, ct);

    /// <exception cref="AcmeException">As above.</exception>
    public async Task RequireAsync(IEnumerable<CaaQuestion> questions, string accountUrl, CancellationToken ct)
    {
        var asked = questions.Select(question => AskAsync(question, accountUrl, ct)).ToList();
        if (asked.Count == 0) return;
        var refused = (await Task.WhenAll(asked)).Where(answer => !answer.Outcome.IsValid)
            .Select(answer => new AcmeSubproblem(answer.Outcome.Problem ?? AcmeProblemType.Caa, answer.Outcome.Detail, answer.Question.Identifier)).ToList();
        if (refused.Count > 0) throw AcmeOrderErrors.Caa(refused);
    }

    private async Task<(CaaQuestion Question, ValidationOutcome Outcome)> AskAsync(CaaQuestion question, string accountUrl, CancellationToken ct)
    {
        var outcome = await slots.RunAsync(accountUrl, async () =>
        {
            var startedAt = Stopwatch.GetTimestamp();
            var answer = await CheckAsync(question, accountUrl, ct);
            metrics.CountCheck("caa", answer, startedAt);
            return answer;
        }, ct);
        return (question, outcome);
    }

    private async Task<ValidationOutcome> CheckAsync(CaaQuestion question, string accountUrl, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(options.Value.ValidationTimeout);
        try
        {
            return await checker.CheckAsync(question.Identifier, question.IsWildcard, accountUrl, question.Method, limit.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return new ValidationOutcome(false, AcmeProblemType.Dns, $"The name servers did not say in time whether CAA records allow {question.Identifier.Value}.", []);
        }
    }
}

/// <param name="Identifier">A DNS name without <c>*.</c>.</param>
/// <param name="IsWildcard">Whether <c>*.</c> and the name is to be certified.</param>
/// <param name="Method">The challenge by which it was validated (RFC 8657 validationmethods).</param>
public sealed record CaaQuestion(AcmeIdentifier Identifier, bool IsWildcard, string Method);
