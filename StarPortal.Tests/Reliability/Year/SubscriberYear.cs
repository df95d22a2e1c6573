using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Enrollment;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Reliability.Year;

/// <summary>The year itself, a day after the other: the jobs of the night on both nodes at once, what people do, what they read, what officers decide.</summary>
internal sealed class SubscriberYear
{
    public const int Days = 365;

    private const int AtOnce = 4;

    private readonly Site site;
    private readonly SeededNumbers numbers;
    private readonly Officers officers;
    private readonly Renewing renewing;
    private readonly Living living;
    private readonly List<(Subscriber Person, What What)> waiting = [];

    private SubscriberYear(Site site, SeededNumbers numbers)
    {
        (this.site, this.numbers, officers, renewing, living) = (site, numbers, new(site), new(site), new(site));
        Begin = new(site.Clock.Now.UtcDateTime.Date.AddDays(1), TimeSpan.Zero);
    }

    public DateTimeOffset Begin { get; }

    public IReadOnlyList<Subscriber> People { get; private set; } = [];

    public Officers Officers => officers;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static async Task<SubscriberYear> PrepareAsync(Site site, int people, ulong seed)
    {
        var year = new SubscriberYear(site, new SeededNumbers(seed));
        var organisations = await year.officers.HireAsync(10);
        year.People = [.. Enumerable.Range(0, people).Select(number =>
        {
            var own = new SeededNumbers(seed + ((ulong)(number + 1) << 32));
            return new Subscriber(number, Fate.Draw(own), own) { Organisation = organisations[number % organisations.Count] };
        })];
        return year;
    }

    public async Task RunAsync()
    {
        for (var day = 0; day < Days; day++)
        {
            if (numbers.Below(100) < 8) site.Doom(numbers.Below(2), 1 + numbers.Below(60));
            await NightAsync(day);
            await AtAsync(day, 9, person => LiveAsync(person, day));
            await AtAsync(day, 10, person => ReadAsync(person, day));
            await AtAsync(day, 11, person => DecideAsync(person, day));
            await TakeIssuedAsync(day);
        }

        await NightAsync(Days);
    }

    private async Task NightAsync(int day)
    {
        await RunJobAsync("registry-upkeep", day, 1, 50);
        await RunJobAsync("renewal-night", day, 2, 0);
        await RunJobAsync("person-removal", day, 2, 40);
        await RunJobAsync("officer-reminders", day, 6, 0);
        if (Begin.AddDays(day).DayOfWeek is not DayOfWeek.Monday) return;
        await RunJobAsync("renewal-officer-digest", day, 6, 30);
        foreach (var job in (string[])["history-prune", "mail-history", "mail-link-prune", "recovery-prune", "unconfirmed-expiry"]) await RunJobAsync(job, day, 7, 0);
    }

    private async Task RunJobAsync(string name, int day, int hour, int minute)
    {
        site.Clock.SetTo(Begin.AddDays(day).AddHours(hour).AddMinutes(minute));
        await site.RunJobAsync(name);
        await site.DrainAsync();
    }

    private async Task AtAsync(int day, int hour, Func<Subscriber, Task> act)
    {
        site.Clock.SetTo(Begin.AddDays(day).AddHours(hour));
        await Parallel.ForEachAsync(People, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = Ct }, async (person, _) => await act(person));
        await site.DrainAsync();
    }

    private async Task LiveAsync(Subscriber person, int day)
    {
        if (person.Fate.EnrolsOn == day) await living.EnrolAsync(person);
        if (person is not { Certificate: not null, Days.Settled: { } settled }) return;
        if (person is { IsBeingRemoved: true, Fate.IsOtherwise: true } && day == person.Days.Removed + person.Fate.ThinksFor) await officers.UndoRemovalAsync(person);
        if (person.IsBeingRemoved) return;
        if (day == settled + 1 && person.Fate.Mutes) await renewing.MuteAsync(person);
        if (day == settled + 2 && person.Fate.Bounces) site.Post.Close(person.Email);
        if (day == settled + person.Fate.EventAfter) await MeetAsync(person, day);
        if (person is { IsBeingRemoved: false, IsLost: false, HasRenewed: false } && person.Days.Forgot != day) await AnswerAsync(person, day);
    }

    private async Task MeetAsync(Subscriber person, int day)
    {
        switch (person.Fate.Event)
        {
            case Event.ChangesPassphrase:
                await living.ChangePassphraseAsync(person);
                break;
            case Event.ForgetsPassphrase:
                person.Days = person.Days with { Forgot = day };
                await living.ForgetAsync(person);
                break;
            case Event.LosesLaptop when person.Certificate!.NotAfter > site.Clock.Now:
                await living.LoseLaptopAsync(person, replaces: !person.Fate.IsOtherwise);
                break;
            case Event.IsRemoved:
                person.Days = person.Days with { Removed = day };
                await officers.RemoveAsync(person);
                break;
            case Event.None or Event.LosesLaptop:
                break;
        }
    }

    private Task AnswerAsync(Subscriber person, int day)
    {
        var left = (person.Certificate!.NotAfter - site.Clock.Now).TotalDays;
        var isTime = left <= person.Fate.AnswersAtSlot;
        return person.Fate.Answer switch
        {
            Answer.ByLink or Answer.FromAccount or Answer.ByBoth when isTime && left > 0 => renewing.RenewAsync(person),
            Answer.Decline when isTime && left > 0 && !person.IsDeclined => DeclineAsync(person, day),
            Answer.DeclineAndUndo when isTime && left > 0 && person.Days.Declined < 0 => DeclineAsync(person, day),
            Answer.DeclineAndUndo when person.IsDeclined && day == person.Days.Declined + person.Fate.ThinksFor => renewing.UndoAsync(person),
            Answer.DeclineAndUndo when !person.IsDeclined && person.Days.Declined >= 0 && left > -29 => renewing.RenewAsync(person),
            Answer.AfterTheEnd when left <= -person.Fate.ThinksFor && left > -29 => renewing.RenewAsync(person),
            _ => Task.CompletedTask,
        };
    }

    private Task DeclineAsync(Subscriber person, int day)
    {
        person.Days = person.Days with { Declined = day };
        return renewing.DeclineAsync(person);
    }

    private async Task ReadAsync(Subscriber person, int day)
    {
        if (person.Fate.EnrolsOn == day) await living.ConfirmAddressAsync(person);
        var leavesIt = person.Fate.IsOtherwise && person.Number % 2 == 0;
        if (person.Days.Forgot == day && !leavesIt && !await living.ConfirmRecoveryAsync(person)) Assert.True(person.Fate.Bounces, $"{person.UserName} got no link to recover by.");
    }

    private async Task DecideAsync(Subscriber person, int day)
    {
        if (person.Fate.EnrolsOn == day) await ApproveAsync(person, What.Issued);
        if (person.Days.Forgot == day && person.CountOf(What.RecoveryConfirmed) > 0)
        {
            if (person.Fate.IsOtherwise) await officers.DecideAsync(person, approves: false);
            else await ApproveAsync(person, What.Recovered);
        }

        if (person is { IsLost: true, IsBeingRemoved: false } && person.Diary[^1].What is What.ReplacementAsked) await ApproveAsync(person, What.Replaced);
    }

    private async Task ApproveAsync(Subscriber person, What what)
    {
        lock (waiting)
        {
            if (waiting.Exists(one => one.Person == person)) return;
            waiting.Add((person, what));
        }

        await officers.DecideAsync(person, approves: true);
    }

    /// <summary>People find their new certificates: of what an interrupted node was to make, some a day later.</summary>
    private async Task TakeIssuedAsync(int day)
    {
        var ids = waiting.ConvertAll(one => one.Person.RequestId);
        await using var db = site.Look();
        var issued = await db.EnrollmentRequests.Where(request => ids.Contains(request.Id) && request.Status == RequestStatus.Issued).Select(request => request.Id).ToListAsync(Ct);
        foreach (var (person, what) in waiting.Where(one => issued.Contains(one.Person.RequestId)))
        {
            await renewing.TakeNewestAsync(person);
            if (what is What.Recovered) person.Passphrase = person.NextPassphrase!;
            if (what is What.Issued) person.Days = person.Days with { Settled = day };
            (person.IsLost, person.IsDeclined, person.HasRenewed) = (false, false, false);
            person.Days = person.Days with { Declined = -1 };
            person.Note(site.Clock.Now, what, person.Certificate!.Id);
        }

        waiting.RemoveAll(one => issued.Contains(one.Person.RequestId));
    }
}
