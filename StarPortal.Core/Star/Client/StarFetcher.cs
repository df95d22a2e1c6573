using System.Security.Cryptography;
using System.Text;

namespace StarPortal.Core.Star;

/// <summary>One poll: ask, check what came, replace. Whatever fails, the certificate in hand stays.</summary>
/// <param name="hasHook">Whether a replacement is to be marked for the hook.</param>
public sealed class StarFetcher(StarDownload download, CertificateFile file, bool hasHook, TimeProvider clock)
{
    /// <summary>The server's name for the content that is in the file, and that content's hash: a file changed by others is fetched anew.</summary>
    private (string ETag, string Hash)? known;

    /// <exception cref="OperationCanceledException">The program is to end.</exception>
    public async Task<Poll> PollAsync(CancellationToken ct)
    {
        using var held = file.Find();
        var hints = AnswerHints.None;
        try
        {
            var answer = await download.GetAsync(held is not null && known?.Hash == HashOf(held) ? known?.ETag : null, ct);
            hints = answer.Hints;
            return answer.Status switch
            {
                200 => await TakeAsync(answer, held, ct),
                304 => Keep(answer, held),
                403 when StarProblem.Of(answer.Body).End is { } end => new Poll(PollOutcome.Ended, end, hints, held?.Life),
                _ => throw new FetchFailedException($"The server answered {answer.Status}{DetailOf(answer)}."),
            };
        }
        catch (Exception error) when (error is FetchFailedException or IOException or UnauthorizedAccessException)
        {
            return new Poll(PollOutcome.Failed, error.Message, hints, held?.Life);
        }
    }

    private async Task<Poll> TakeAsync(StarAnswer answer, CertificateChain? held, CancellationToken ct)
    {
        using var fresh = CertificateChain.Parse(answer.Body);
        RequireUsable(fresh);
        if (fresh.Pem == held?.Pem)
        {
            Remember(answer.ETag, fresh);
            return new Poll(PollOutcome.Unchanged, "Unchanged", answer.Hints, fresh.Life);
        }

        if (held is not null && ProblemOf(held) is null && fresh.Life.IsOlderThan(held.Life)) throw new FetchFailedException("The server sent a certificate that is older than the one in hand.");
        await ReplaceAsync(fresh, ct);
        Remember(answer.ETag, fresh);
        return new Poll(PollOutcome.Replaced, $"Replaced {file.FullPath}", answer.Hints, fresh.Life);
    }

    /// <summary>"Not modified" is good news only as long as what it speaks of is good.</summary>
    private Poll Keep(StarAnswer answer, CertificateChain? held)
    {
        if (held is null) throw new FetchFailedException("The server answered 304 to a request without a condition.");
        RequireUsable(held);
        return new Poll(PollOutcome.Unchanged, "Unchanged", answer.Hints, held.Life);
    }

    /// <summary>The mark comes first: killed after the renaming, the next start still runs the hook.</summary>
    private async Task ReplaceAsync(CertificateChain fresh, CancellationToken ct)
    {
        using var staged = await file.StageAsync(fresh.Pem, ct);
        if (hasHook) file.MarkHookDue();
        staged.PutInPlace();
    }

    private void RequireUsable(CertificateChain chain)
    {
        if (ProblemOf(chain) is { } problem) throw new FetchFailedException(problem);
    }

    private string? ProblemOf(CertificateChain chain)
    {
        var now = clock.GetUtcNow();
        if (now < chain.Life.NotBefore) return $"The certificate is not valid before {chain.Life.NotBefore:u}.";
        if (now > chain.Life.NotAfter) return $"The certificate has ended at {chain.Life.NotAfter:u}.";
        return file.FindKey() is { } key && chain.ProblemWithKey(key) is { } mismatch ? $"The certificate is not for the key in {file.KeyPath}: {mismatch}" : null;
    }

    private void Remember(string? etag, CertificateChain chain) => known = etag is null ? null : (etag, HashOf(chain));

    private static string HashOf(CertificateChain chain) => Convert.ToHexString(SHA256.HashData(Encoding.ASCII.GetBytes(chain.Pem)));

    private static string DetailOf(StarAnswer answer) => StarProblem.Of(answer.Body).Detail is { } detail ? $": {PlainText.Of(detail)}" : "";
}
