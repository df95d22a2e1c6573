using System.Security.Cryptography;

namespace StarPortal.Core.Star;

/// <summary>Polls until the order is over or the program is to end.</summary>
public sealed class StarFetchLoop(StarFetcher fetcher, CertificateFile file, FetchHook? hook, TimeProvider clock, Action<FetchEvent> report)
{
    /// <summary>Timers do not count the time that a machine sleeps: the clock is looked at this often.</summary>
    private static readonly TimeSpan Nap = TimeSpan.FromMinutes(1);

    /// <returns>Whether the certificate in hand is the server's and the hook, if any, has run well.</returns>
    public async Task<bool> RunOnceAsync(CancellationToken ct) => (await StepAsync(ct)).IsGood;

    /// <summary>Comes back when no other certificate will come.</summary>
    /// <exception cref="OperationCanceledException">The program is to end.</exception>
    public async Task RunAsync(CancellationToken ct)
    {
        for (var failures = 0; ;)
        {
            var (poll, isGood) = await StepAsync(ct);
            if (poll.Outcome is PollOutcome.Ended) return;
            failures = isGood ? 0 : failures + 1;
            await WaitUntilAsync(NextAfter(poll, failures), ct);
        }
    }

    private async Task<(Poll Poll, bool IsGood)> StepAsync(CancellationToken ct)
    {
        var poll = await fetcher.PollAsync(ct);
        var isGood = poll.Outcome is PollOutcome.Replaced or PollOutcome.Unchanged;
        Say(!isGood, $"{poll.Text}{(poll.Text.EndsWith('.') ? "" : ".")} {Describe(poll.Held)}");
        return (poll, await RunHookAsync(poll, ct) && isGood);
    }

    /// <summary>Also after a failed poll: what is due is due for the certificate in the file.</summary>
    private async Task<bool> RunHookAsync(Poll poll, CancellationToken ct)
    {
        if (hook is null || poll.Held is not { } life || !file.HookIsDue) return true;
        if (await hook.RunAsync(file.FullPath, life, ct) is { } problem)
        {
            Say(true, $"The hook {problem}; it is tried again at the next poll. The certificate stays.");
            return false;
        }

        Say(false, "The hook has run.");
        if (file.TryMarkHookDone()) return true;
        Say(true, "That the hook has run can't be noted in the folder: it runs again at the next poll.");
        return false;
    }

    private DateTimeOffset NextAfter(Poll poll, int failures)
    {
        var (now, random) = (clock.GetUtcNow(), RandomNumberGenerator.GetInt32(int.MaxValue) / (double)int.MaxValue);
        return failures == 0
            ? FetchSchedule.AfterSuccess(poll.Hints, poll.Held!.Value, now, random)
            : FetchSchedule.AfterFailure(failures, poll.Hints.RetryAfter, poll.Held, now, random);
    }

    /// <summary>Until the clock says so, or so much time has passed: a clock that is put back does not prolong the wait.</summary>
    private async Task WaitUntilAsync(DateTimeOffset next, CancellationToken ct)
    {
        var (began, wait) = (clock.GetTimestamp(), next - clock.GetUtcNow());
        Say(false, $"Next poll at {next:u}.");
        while (clock.GetUtcNow() < next && clock.GetElapsedTime(began) is var passed && passed < wait)
        {
            var rest = TimeSpan.FromTicks(Math.Min((wait - passed).Ticks, (next - clock.GetUtcNow()).Ticks));
            await Task.Delay(rest < Nap ? TimeSpan.FromMilliseconds(Math.Ceiling(Math.Max(rest.TotalMilliseconds, 1))) : Nap, clock, ct);
        }
    }

    private static string Describe(CertificateLife? held) => held is { } life ? $"The certificate in place is valid until {life.NotAfter:u}." : "No certificate is in place.";

    private void Say(bool isTrouble, string text) => report(new FetchEvent(clock.GetUtcNow(), isTrouble, text));
}
