using StarPortal.Core.Authority;
using StarPortal.Core.Enrollment;
using StarPortal.Core.Identity;

namespace StarPortal.Core.Approval;

public enum EvidenceWeight
{
    /// <summary>Speaks for the person.</summary>
    For,

    /// <summary>Known, and the officer weighs it.</summary>
    Neutral,

    /// <summary>Worth a second look.</summary>
    Against,
}

/// <summary>One thing that is known about who asks.</summary>
public sealed record Evidence(EvidenceWeight Weight, string Label, string Text);

/// <summary>Weighs what is known about a request: a function of facts, without a database.</summary>
internal static class EvidenceList
{
    /// <param name="request">Who asks for what.</param>
    /// <param name="organisation">Whose officers decide.</param>
    /// <param name="certificates">How many certificates the person has had.</param>
    /// <param name="namesakes">User names of other accounts with the same full name.</param>
    public static IReadOnlyList<Evidence> For(EnrollmentRequest request, Organisation organisation, int certificates, IReadOnlyList<string> namesakes)
    {
        List<Evidence> evidence =
        [
            request.ConfirmedAt is { } at
                ? new(EvidenceWeight.For, "E-mail address", $"{request.Email} was confirmed by a mailed link on {at.UtcDateTime:yyyy-MM-dd HH:mm} UTC.")
                : new(EvidenceWeight.Against, "E-mail address", $"{request.Email} has not been confirmed."),
            DomainMatch(request.Email, organisation),
            request.Sponsor is { Length: > 0 } sponsor
                ? new(EvidenceWeight.Neutral, "Sponsor", $"{sponsor}. The portal has not asked them: do, when in doubt.")
                : new(EvidenceWeight.Neutral, "Sponsor", "None named."),
            certificates > 0
                ? new(EvidenceWeight.For, "Known here", $"Has had {certificates} {(certificates == 1 ? "certificate" : "certificates")} from this portal.")
                : new(EvidenceWeight.Neutral, "Known here", "First certificate: nobody here has vetted this person before."),
        ];
        if (namesakes.Count > 0)
            evidence.Add(new(EvidenceWeight.Against, "Namesakes", $"Other accounts have the same full name: {string.Join(", ", namesakes)}. Is it the same person?"));
        if (request.AcknowledgementReason is { Length: > 0 } reason)
            evidence.Add(new(EvidenceWeight.Against, "Asks in spite of findings", reason));
        evidence.AddRange(request.Findings.Where(finding => finding.Severity is not FindingSeverity.Block)
            .Select(finding => new Evidence(finding.Severity is FindingSeverity.Acknowledge ? EvidenceWeight.Against : EvidenceWeight.Neutral, "Told when asking", finding.Message)));
        return evidence;
    }

    private static Evidence DomainMatch(string email, Organisation organisation)
    {
        var domain = email[(email.LastIndexOf('@') + 1)..].ToLowerInvariant();
        if (organisation.EmailDomains.Count == 0)
            return new(EvidenceWeight.Neutral, "Mail domain", $"{organisation.Name} has named no mail domains, so {domain} tells nothing.");
        return organisation.EmailDomains.Exists(own => domain == own || domain.EndsWith($".{own}", StringComparison.Ordinal))
            ? new(EvidenceWeight.For, "Mail domain", $"{domain} belongs to {organisation.Name}.")
            : new(EvidenceWeight.Against, "Mail domain", $"{domain} is none of {organisation.Name}'s domains ({string.Join(", ", organisation.EmailDomains)}).");
    }
}
