using System.Collections.Frozen;
using System.Diagnostics;

namespace StarPortal.Core.Acme;

/// <summary>One attempt at a challenge, from the lease to the recorded outcome (RFC 8555 7.5.1, 8.2).</summary>
public sealed class ValidationAttempt(IEnumerable<IChallengeValidator> validators, ValidationAccounts accounts, ValidationRecord record, ValidationRetry retry, AttemptsUnderWay underWay, AcmeMetrics metrics)
{
    private readonly FrozenDictionary<ChallengeType, IChallengeValidator> byType = validators.ToFrozenDictionary(validator => validator.Type);

    /// <summary>Makes it and records what came of it, unless the authorization was changed meanwhile.</summary>
    public Task MakeAsync(LeasedAttempt leased, CancellationToken ct) => underWay.DoAsync(leased.Authorization, () => DoAsync(leased, ct));

    private async Task DoAsync(LeasedAttempt leased, CancellationToken ct)
    {
        var authorization = leased.Authorization;
        var type = authorization.Chosen ?? throw new InvalidOperationException($"No challenge of authorization {authorization.Id} was chosen.");
        var startedAt = Stopwatch.GetTimestamp();
        var outcome = await accounts.FindTaskAsync(leased, type, ct) is { } task
            ? await AskAsync(byType[type], task, ct)
            : new ValidationOutcome(false, AcmeProblemType.Unauthorized, "The account is no longer active.", []);
        metrics.CountCheck(type.Token, outcome, startedAt);
        await record.WriteAsync(leased, type, outcome, ct);
    }

    private async Task<ValidationOutcome> AskAsync(IChallengeValidator validator, ValidationTask task, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(retry.MaxDuration);
        try
        {
            return await validator.ValidateAsync(task, limit.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return new ValidationOutcome(false, AcmeProblemType.Connection, $"The validation of {task.Identifier.Value} took longer than {retry.MaxDuration.TotalSeconds:0} seconds.", []);
        }
#pragma warning disable CA1031 // A mistake of ours must neither end the worker nor leave the client waiting.
        catch (Exception error) when (error is not OperationCanceledException)
        {
            retry.LogFailed(error, task.Identifier.Value);
            return new ValidationOutcome(false, AcmeProblemType.ServerInternal, "The validation failed for a reason of this server's own; it has been logged.", []);
        }
#pragma warning restore CA1031
    }
}
