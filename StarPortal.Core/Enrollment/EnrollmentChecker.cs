using Microsoft.Extensions.Options;
using StarPortal.Core.Authority;
using StarPortal.Core.Identity;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Enrollment;

/// <summary>
/// The one engine that judges a request form: while somebody types, when they press Check, and once more when they send it. It changes
/// nothing; what only a save can decide (two people who choose one name at the same time) the unique indexes decide.
/// </summary>
public sealed class EnrollmentChecker(
    Requesters requesters, UserNameLookups userNames, OrganisationDirectory organisations, CertificatePreviews previews, PassphrasePolicy passphrases, IOptions<EnrollmentOptions> options)
{
    /// <exception cref="ServiceException">TooMany: the visitor's address has asked about too many user names.</exception>
    public async Task<EnrollmentCheck> CheckAsync(EnrollmentForm form, Actor actor, CancellationToken ct)
    {
        var requester = await requesters.ResolveAsync(form, actor, ct);
        var verdict = requester.IsNew && !string.IsNullOrEmpty(form.Passphrase) ? passphrases.Check(form.Passphrase, [requester.UserName, requester.FullName, requester.Email]) : null;
        var organisation = requester.OrganisationId is { } id ? await organisations.FindAsync(id, ct) : null;
        var preview = await previews.MakeAsync(form, requester, organisation, ct);

        List<Finding> findings =
        [
            .. FormRules.Check(form, requester),
            .. await CheckUserNameAsync(requester, actor, ct),
            .. CheckAddress(requester, organisation),
            .. CheckOrganisation(requester, organisation),
            .. CheckPassphrase(form, requester, verdict),
            .. CheckLimit(requester),
            .. preview.Findings,
        ];
        var check = new EnrollmentCheck(InOrder(findings), preview.Shown, verdict);
        return check.IsBlocked ? check : check with { Draft = new(requester, organisation!, preview.Subject!, preview.ReservesSubject, preview.Names, preview.SigningRequest) };
    }

    private async Task<IEnumerable<Finding>> CheckUserNameAsync(Requester requester, Actor actor, CancellationToken ct) =>
        requester.IsNew && UserNameRules.Problem(requester.UserName) is null && await userNames.IsTakenAsync(requester.UserName, actor, ct)
            ? [EnrollmentFindings.Block(EnrollmentFindings.UserNameTaken, "This user name is taken. Choose another one.", nameof(EnrollmentForm.UserName))]
            : [];

    private IEnumerable<Finding> CheckAddress(Requester requester, Organisation? organisation)
    {
        // The address of an account has been confirmed, and is not asked for again.
        if (!requester.IsNew) return [];
        if (requester.Email.Length == 0) return [FormRules.Missing(nameof(EnrollmentForm.Email), "Enter your e-mail address.")];
        return MailAddressRules.Check(requester.Email, organisation?.EmailDomains ?? [], options.Value.DisposableDomains);
    }

    private static IEnumerable<Finding> CheckOrganisation(Requester requester, Organisation? organisation)
    {
        if (requester.OrganisationId is null) yield return FormRules.Missing(nameof(EnrollmentForm.OrganisationId), "Choose your organisation.");
        else if (organisation is not { IsOpen: true })
            yield return EnrollmentFindings.Block(EnrollmentFindings.OrganisationClosed, "This organisation takes no requests at present. Choose another one, or ask its office.", nameof(EnrollmentForm.OrganisationId));
    }

    private static IEnumerable<Finding> CheckPassphrase(EnrollmentForm form, Requester requester, PassphraseVerdict? verdict)
    {
        if (verdict?.Problem is { } problem) yield return EnrollmentFindings.Block(EnrollmentFindings.Passphrase, problem, nameof(EnrollmentForm.Passphrase));
        if (!requester.IsNew && form.Key is KeySource.Portal && string.IsNullOrEmpty(form.Passphrase))
            yield return FormRules.Missing(nameof(EnrollmentForm.Passphrase), "Enter your passphrase: the new key is encrypted under it.");
    }

    private IEnumerable<Finding> CheckLimit(Requester requester)
    {
        if (requester.OpenRequests >= options.Value.OpenRequestsPerPerson)
            yield return EnrollmentFindings.Block(EnrollmentFindings.TooManyOpen, $"You have {requester.OpenRequests} open requests already. Wait for one of them, or withdraw it.", null);
    }

    /// <summary>One message of a kind beside a field, in the order of the form.</summary>
    private static IReadOnlyList<Finding> InOrder(IEnumerable<Finding> findings) =>
        [.. findings.DistinctBy(finding => (finding.Field, finding.Message)).OrderBy(finding => Array.IndexOf(FieldOrder, finding.Field)).ThenBy(finding => finding.Severity)];

    private static readonly string?[] FieldOrder =
    [
        null, nameof(EnrollmentForm.UserName), nameof(EnrollmentForm.FullName), nameof(EnrollmentForm.Email), nameof(EnrollmentForm.Phone), nameof(EnrollmentForm.OrganisationId),
        nameof(EnrollmentForm.Purpose), nameof(EnrollmentForm.Sponsor), nameof(EnrollmentForm.Passphrase), nameof(EnrollmentForm.PassphraseAgain), nameof(EnrollmentForm.Hint),
        nameof(EnrollmentForm.Key), nameof(EnrollmentForm.SigningRequest), nameof(EnrollmentForm.Acknowledge), nameof(EnrollmentForm.AcknowledgementReason),
    ];
}
