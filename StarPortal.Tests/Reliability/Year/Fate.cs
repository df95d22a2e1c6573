using StarPortal.Tests.Support;

namespace StarPortal.Tests.Reliability.Year;

/// <summary>How somebody answers when the certificate comes to its end.</summary>
internal enum Answer
{
    ByLink,
    FromAccount,

    /// <summary>At once, on two machines.</summary>
    ByBoth,
    Decline,

    /// <summary>And thinks better of it.</summary>
    DeclineAndUndo,
    AfterTheEnd,
    Never,
}

/// <summary>What else happens to somebody in a year.</summary>
internal enum Event
{
    None,
    ChangesPassphrase,
    ForgetsPassphrase,
    LosesLaptop,
    IsRemoved,
}

/// <summary>What a year has in store for somebody: drawn once, from a seed.</summary>
internal sealed record Fate
{
    private static readonly int[] Slots = [45, 45, 45, 30, 30, 14, 7, 3, 1];

    /// <summary>Days into the year.</summary>
    public required int EnrolsOn { get; init; }

    public required Answer Answer { get; init; }

    /// <summary>After the notice of this slot.</summary>
    public required int AnswersAtSlot { get; init; }

    public required Event Event { get; init; }

    /// <summary>Days after the first certificate.</summary>
    public required int EventAfter { get; init; }

    /// <summary>For what may be taken back, is refused, or is left lying: a removal, a recovery, a loss without a replacement.</summary>
    public required bool IsOtherwise { get; init; }

    /// <summary>Between something and its undoing.</summary>
    public required int ThinksFor { get; init; }

    /// <summary>Never wants to be told.</summary>
    public required bool Mutes { get; init; }

    /// <summary>The address is given up soon after the first certificate.</summary>
    public required bool Bounces { get; init; }

    public static Fate Draw(SeededNumbers numbers) => new()
    {
        EnrolsOn = numbers.Below(105), Answer = AnswerOf(numbers.Below(100)), AnswersAtSlot = numbers.Pick(Slots), Event = EventOf(numbers.Below(100)), EventAfter = 5 + numbers.Below(235),
        IsOtherwise = numbers.Below(100) < 30, ThinksFor = 1 + numbers.Below(12), Mutes = numbers.Below(100) < 6, Bounces = numbers.Below(100) < 6,
    };

    private static Answer AnswerOf(int percent) => percent switch
    {
        < 35 => Answer.ByLink,
        < 50 => Answer.FromAccount,
        < 62 => Answer.ByBoth,
        < 68 => Answer.Decline,
        < 76 => Answer.DeclineAndUndo,
        < 84 => Answer.AfterTheEnd,
        _ => Answer.Never,
    };

    private static Event EventOf(int percent) => percent switch
    {
        < 10 => Event.ChangesPassphrase,
        < 20 => Event.ForgetsPassphrase,
        < 28 => Event.LosesLaptop,
        < 38 => Event.IsRemoved,
        _ => Event.None,
    };
}
