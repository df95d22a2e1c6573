namespace StarPortal.Core.Acme;

/// <summary>Asks the outside world whether a challenge is met. One for each <see cref="ChallengeType"/>.</summary>
public interface IChallengeValidator
{
    ChallengeType Type { get; }

    /// <summary>Ends within the time that <see cref="AcmeOptions"/> allows; throws only when <paramref name="ct"/> is cancelled.</summary>
    Task<ValidationOutcome> ValidateAsync(ValidationTask task, CancellationToken ct);
}
