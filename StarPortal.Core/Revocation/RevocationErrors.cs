using System.Globalization;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Revocation;

/// <summary>What this room expects to go wrong, in words for people.</summary>
public static class RevocationErrors
{
    /// <summary>Form fields of the revocation page.</summary>
    public const string CauseField = "Cause";
    public const string NoteField = "Note";
    public const string ProofField = "Proof";

    /// <summary>Also for a certificate that the reader has nothing to do with.</summary>
    public static ServiceException NotFound() => new(ErrorKind.NotFound, "There is no such certificate among those that you may revoke.");

    public static ServiceException AlreadyRevoked(DateTimeOffset at) => new(ErrorKind.Conflict,
        $"This certificate was revoked already, on {at.UtcDateTime.ToString("d MMM yyyy HH:mm", CultureInfo.InvariantCulture)} UTC. Nothing was changed.");

    public static ServiceException Expired() =>
        new(ErrorKind.Conflict, "This certificate has expired: nobody accepts it any more, so there is nothing to revoke.");

    public static ServiceException ProofMissing() => new(ErrorKind.Invalid, "Paste the proof: a signing request made as the page shows.", ProofField);

    public static ServiceException ProofUnreadable(string why) => new(ErrorKind.Invalid, why, ProofField);

    public static ServiceException ProofOfSomethingElse() =>
        new(ErrorKind.Invalid, $"This signing request was made for something else: its common name has to be “{RevocationProof.Word}” and the serial number of the certificate.", ProofField);

    /// <summary>Also for a serial number that there is not.</summary>
    public static ServiceException ProofDoesNotFit() => new(ErrorKind.Invalid, "There is no certificate of this serial number whose key has signed this.", ProofField);

    public static ServiceException CauseMissing() => new(ErrorKind.Invalid, "Choose why.", CauseField);

    public static ServiceException NoteMissing() =>
        new(ErrorKind.Invalid, "Say in a sentence why: the holder gets it by mail, and it is kept.", NoteField);

    public static ServiceException NeedsSecondFactor() =>
        new(ErrorKind.Forbidden, "Revoking other people's certificates needs a second factor: set up a passkey or an authenticator app, then sign in again.");
}
