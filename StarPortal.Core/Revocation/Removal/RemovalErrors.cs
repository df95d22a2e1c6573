using StarPortal.Core.Shared;

namespace StarPortal.Core.Revocation;

/// <summary>What goes wrong when people are removed.</summary>
public static class RemovalErrors
{
    public const string ReasonField = "Reason";

    /// <summary>Also for people of other organisations.</summary>
    public static ServiceException NotFound() => new(ErrorKind.NotFound, "There is no such person among those that you may remove.");

    public static ServiceException ReasonMissing() => new(ErrorKind.Invalid, "Say why, in up to 500 characters: the person reads it, and it goes into the audit log.", ReasonField);

    public static ServiceException Oneself() => new(ErrorKind.Conflict, "You can't remove yourself: another officer or an administrator has to.");

    public static ServiceException HasARole() =>
        new(ErrorKind.Forbidden, "This person is an officer, auditor or administrator: only an administrator may remove them.");

    public static ServiceException Pending() => new(ErrorKind.Conflict, "This person is being removed already. Nothing was changed.");

    public static ServiceException TooLate() => new(ErrorKind.Conflict, "This removal was undone, or carried out, already. Nothing was changed.");
}
