using StarPortal.Core.Authority;
using StarPortal.Core.Identity;

namespace StarPortal.Core.Enrollment;

/// <summary>What can be said about the form by looking at it alone.</summary>
internal static class FormRules
{
    public const int MaxPurpose = 1000;
    public const int MaxSponsor = 200;
    public const int MaxReason = 1000;
    public const int MaxPhone = 40;

    public static IEnumerable<Finding> Check(EnrollmentForm form, Requester requester) =>
    [
        .. form.SubmissionId == Guid.Empty ? [EnrollmentFindings.Block(EnrollmentFindings.Stale, RequestErrors.StaleForm().Message, null)] : (Finding[])[],
        .. requester.IsNew ? [.. CheckUserName(requester), .. CheckNewPassphrase(form)] : (Finding[])[],
        .. CheckPhone(requester.Phone),
        .. CheckText(form.Purpose, MaxPurpose, nameof(form.Purpose), isRequired: true),
        .. CheckText(form.Sponsor, MaxSponsor, nameof(form.Sponsor), isRequired: false),
        .. CheckText(form.AcknowledgementReason, MaxReason, nameof(form.AcknowledgementReason), isRequired: false),
    ];

    public static Finding Missing(string field, string message = "Please fill this in.") => EnrollmentFindings.Block(EnrollmentFindings.Missing, message, field);

    private static IEnumerable<Finding> CheckUserName(Requester requester)
    {
        if (requester.UserName.Length == 0) yield return Missing(nameof(EnrollmentForm.UserName), "Choose a user name.");
        else if (UserNameRules.Problem(requester.UserName) is { } problem)
            yield return EnrollmentFindings.Block(EnrollmentFindings.UserName, problem, nameof(EnrollmentForm.UserName));
    }

    /// <summary>Whether it is a good one is the policy's business (<see cref="PassphrasePolicy"/>).</summary>
    private static IEnumerable<Finding> CheckNewPassphrase(EnrollmentForm form)
    {
        if (string.IsNullOrEmpty(form.Passphrase)) yield return Missing(nameof(form.Passphrase), "Choose a passphrase.");
        if (string.IsNullOrEmpty(form.PassphraseAgain)) yield return Missing(nameof(form.PassphraseAgain), "Type the passphrase again.");
        else if (form.Passphrase != form.PassphraseAgain)
            yield return EnrollmentFindings.Block(EnrollmentFindings.PassphraseDiffers, "The two passphrases differ.", nameof(form.PassphraseAgain));

        foreach (var finding in CheckText(form.Hint, HintRules.MaxLength, nameof(form.Hint), isRequired: false)) yield return finding;
        if (HintRules.Tells(form.Hint, form.Passphrase))
            yield return EnrollmentFindings.Block(EnrollmentFindings.Hint, "The hint must not contain the passphrase: it is kept as you write it.", nameof(form.Hint));
    }

    public static IEnumerable<Finding> CheckPhone(string? phone)
    {
        if (phone is null) yield break;
        if (phone.Length > MaxPhone || phone.Count(char.IsAsciiDigit) < 5 || phone.Any(character => !char.IsAsciiDigit(character) && !" +-()/.".Contains(character, StringComparison.Ordinal)))
            yield return EnrollmentFindings.Block(EnrollmentFindings.Phone, "This is not a telephone number, such as +49 30 123456.", nameof(EnrollmentForm.Phone));
    }

    private static IEnumerable<Finding> CheckText(string? text, int maxLength, string field, bool isRequired)
    {
        if (RequestText.FindProblem(text, maxLength) is { } problem) yield return EnrollmentFindings.Block(EnrollmentFindings.Text, problem, field);
        else if (isRequired && string.IsNullOrWhiteSpace(text)) yield return Missing(field);
    }
}
