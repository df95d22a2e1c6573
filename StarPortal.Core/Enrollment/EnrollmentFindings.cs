using StarPortal.Core.Authority;

namespace StarPortal.Core.Enrollment;

/// <summary>What this room finds in a form, besides what the authority finds in the certificate that would come of it.</summary>
public static class EnrollmentFindings
{
    public const string Missing = "form.missing";
    public const string Text = "form.text";
    public const string Stale = "form.stale";
    public const string UserName = "user-name.unusable";
    public const string UserNameTaken = "user-name.taken";
    public const string Name = "name.unusable";
    public const string Phone = "phone.unusable";
    public const string OrganisationClosed = "organisation.closed";
    public const string AddressSyntax = "address.syntax";
    public const string AddressDomain = "address.domain";
    public const string AddressDisposable = "address.disposable";
    public const string AddressTypo = "address.typo";
    public const string Passphrase = "passphrase.unusable";
    public const string PassphraseDiffers = "passphrase.differs";
    public const string Hint = "hint.tells";
    public const string SigningRequest = "key.request";
    public const string KeyPending = "key.pending";
    public const string NamesLeftOut = "request.names-left-out";
    public const string SubjectLeftOut = "request.subject-left-out";
    public const string TooManyOpen = "request.too-many-open";

    internal static Finding Block(string code, string message, string? field) => new(code, FindingSeverity.Block, message, field);

    internal static Finding Acknowledge(string code, string message, string? field) => new(code, FindingSeverity.Acknowledge, message, field);

    internal static Finding Inform(string code, string message, string? field) => new(code, FindingSeverity.Inform, message, field);
}
