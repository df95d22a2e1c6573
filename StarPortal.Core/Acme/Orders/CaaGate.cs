using System.Diagnostics;
using Microsoft.Extensions.Options;

namespace StarPortal.Core.Acme;

/// <summary>RFC 8659: CAA records are asked for each name at the moment of issuing, all at once. Names that the portal itself granted are its own business.</summary>
public sealed class CaaGate(ICaaChecker checker, AcmeMetrics metrics, IOptions<AcmeOptions> options)
{
    /// <exception cref="AcmeException">caa, or compound with a subproblem for each name.</exception>
    public async Task RequireAsync(AcmeCaller caller, OrderView view, CancellationToken ct)
    {
        List<Task<(AcmeAuthorization Authorization, ValidationOutcome Outcome)>>? asked = null;
        foreach (var authorization in view.Authorizations)
        {
            if (authorization.Waiver is null && authorization.Identifier.Type is AcmeIdentifierType.Dns) (asked ??= []).Add(AskAsync(authorization, caller.AccountUrl, ct));
        }

        if (asked is null) return;
        var refused = (await Task.WhenAll(asked)).Where(answer => !answer.Outcome.IsValid)
            .Select(answer => new AcmeSubproblem(answer.Outcome.Problem ?? AcmeProblemType.Caa, answer.Outcome.Detail, answer.Authorization.Identifier)).ToList();
        if (refused.Count > 0) throw AcmeOrderErrors.Caa(refused);
    }

    private async Task<(AcmeAuthorization Authorization, ValidationOutcome Outcome)> AskAsync(AcmeAuthorization authorization, string accountUrl, CancellationToken ct)
    {
        var startedAt = Stopwatch.GetTimestamp();
        var outcome = await CheckAsync(authorization, accountUrl, ct);
        metrics.CountCheck("caa", outcome, startedAt);
        return (authorization, outcome);
    }

    private async Task<ValidationOutcome> CheckAsync(AcmeAuthorization authorization, string accountUrl, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(options.Value.ValidationTimeout);
        try
        {
            var method = authorization.Chosen is { } type ? type.Token : "";
            return await checker.CheckAsync(authorization.Identifier, authorization.IsWildcard, accountUrl, method, limit.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return new ValidationOutcome(false, AcmeProblemType.Dns, $"The name servers did not say in time whether CAA records allow {authorization.Identifier.Value}.", []);
        }
    }
}
