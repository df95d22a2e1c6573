using System.Security.Cryptography;
using StarPortal.Core.Star;

namespace StarPortal.Core.Delegation;

/// <summary>Registers a request at the owner's portal and waits until it is decided.</summary>
public sealed class Registrar(RegistrationDoor door, TimeProvider clock, Action<FetchEvent> report)
{
    private static readonly TimeSpan UsualWait = TimeSpan.FromSeconds(5);

    /// <summary>A portal that asks for more is asked after this: what it wants may be a slip.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    /// <param name="triesAgain">Whether what may pass is tried again, rather than being the end.</param>
    /// <returns>The star-certificate URL; null: it came to nothing, and the last report says why.</returns>
    /// <exception cref="OperationCanceledException">The program is to end.</exception>
    public async Task<Uri?> RunAsync(AskedRegistration asked, string idempotencyKey, bool triesAgain, CancellationToken ct)
    {
        Uri? completion = null;
        for (var failures = 0; ;)
        {
            switch (await AskAsync(asked, idempotencyKey, completion, ct))
            {
                case RegistrationAnswer.Valid valid: return valid.Certificate;
                case RegistrationAnswer.Failed failed: return Fail(failed.Reason);
                case RegistrationAnswer.Later later when !triesAgain: return Fail(later.Trouble);
                case RegistrationAnswer.Later later:
                    await WaitAsync(true, later.Trouble, FetchSchedule.AfterFailure(++failures, later.Wait, held: null, clock.GetUtcNow(), Random()), ct);
                    break;
                case RegistrationAnswer.Pending pending:
                    (completion, failures) = (pending.Completion, 0);
                    await WaitAsync(false, $"Registered: {completion} is pending.", clock.GetUtcNow() + PauseOf(pending.Wait, Random()), ct);
                    break;
            }
        }
    }

    /// <summary>As long as the portal wants, and up to a tenth more: not all of a fleet at once.</summary>
    /// <param name="random">From 0 up to 1.</param>
    internal static TimeSpan PauseOf(TimeSpan? wanted, double random)
    {
        var wait = wanted is { } told && told > TimeSpan.Zero ? told : UsualWait;
        return (wait < LongestWait ? wait : LongestWait) * (1 + random / 10);
    }

    private async Task<RegistrationAnswer> AskAsync(AskedRegistration asked, string idempotencyKey, Uri? completion, CancellationToken ct)
    {
        try
        {
            return completion is null ? await door.RegisterAsync(asked, idempotencyKey, ct) : await door.FollowAsync(completion, ct);
        }
        catch (FetchFailedException error)
        {
            return new RegistrationAnswer.Later(error.Message, null);
        }
    }

    private Uri? Fail(string reason)
    {
        Say(true, reason);
        return null;
    }

    private Task WaitAsync(bool isTrouble, string text, DateTimeOffset next, CancellationToken ct)
    {
        Say(isTrouble, $"{text} Asking again at {next:u}.");
        var wait = next - clock.GetUtcNow();
        return Task.Delay(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, clock, ct);
    }

    private static double Random() => RandomNumberGenerator.GetInt32(int.MaxValue) / (double)int.MaxValue;

    private void Say(bool isTrouble, string text) => report(new FetchEvent(clock.GetUtcNow(), isTrouble, text));
}
