using StarPortal.Core.Shared;

namespace StarPortal.Core.Authority;

/// <summary>What the authority refuses, in words for the person who asked.</summary>
public static class AuthorityErrors
{
    public static ServiceException NoSuchCertificate() => new(ErrorKind.NotFound, "There is no certificate with this serial number.");

    public static ServiceException UnknownProfile(string name) =>
        new(ErrorKind.Invalid, $"There is no issuance profile called '{name}'.", "Profile");

    public static ServiceException BadRequest(string detail) => new(ErrorKind.Invalid, detail, "SigningRequest");

    public static ServiceException BadKey(string detail) => new(ErrorKind.Invalid, detail, "SigningRequest");

    public static ServiceException BadName(string field, string detail) => new(ErrorKind.Invalid, detail, field);

    public static ServiceException WrongPassphrase() => new(ErrorKind.Invalid, "This is not the passphrase of this key.", "Passphrase");

    /// <summary>The first blocking finding stands for all: the form shows each beside its field already.</summary>
    public static ServiceException Blocked(IEnumerable<Finding> findings)
    {
        var first = findings.First(finding => finding.Severity is FindingSeverity.Block);
        return new ServiceException(ErrorKind.Invalid, first.Message, first.Field);
    }

    public static ServiceException NotOurs() => new(ErrorKind.Conflict, "Certificates of this kind come from a certificate authority outside: ask for a new one by a request.");

    public static ServiceException NotAnswered(IEnumerable<string> problems) => new(ErrorKind.Invalid, $"This is not the certificate that was asked for. {string.Join(" ", problems)}");

    public static ServiceException AlreadyRevoked(SerialNumber serial) =>
        new(ErrorKind.Conflict, $"The certificate {serial} has been revoked already.");

    public static ServiceException EndsBefore(DateTimeOffset end) =>
        new(ErrorKind.Unavailable, $"The certificate authority itself ends on {end:yyyy-MM-dd}, before this certificate would.");

    public static ServiceException NotReady() => new(ErrorKind.Unavailable, "The certificate authority has not been set up yet.");
}
