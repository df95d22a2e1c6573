namespace StarPortal.Core.Acme;

/// <summary>dns-01 (RFC 8555 8.4): a TXT record at <c>_acme-challenge.</c> and the name.</summary>
public sealed class Dns01Validator(TextChallenge challenge, ValidationSlots slots) : IChallengeValidator
{
    public ChallengeType Type => ChallengeType.Dns01;

    public Task<ValidationOutcome> ValidateAsync(ValidationTask task, CancellationToken ct) =>
        slots.RunAsync((trace, bound) => challenge.ValidateAsync("_acme-challenge", task, trace, bound), ct);
}
