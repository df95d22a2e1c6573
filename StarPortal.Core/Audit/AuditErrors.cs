using StarPortal.Core.Shared;

namespace StarPortal.Core.Audit;

internal static class AuditErrors
{
    /// <summary>Auditors read the log, and administrators; officers do not.</summary>
    public static void RequireReader(this Actor actor) => actor.Require(actor.Is(PortalRole.Auditor) ? PortalRole.Auditor : PortalRole.Administrator);

    public static ServiceException BadRange() => new(ErrorKind.Invalid, "The first day is after the last.", "From");

    public static ServiceException NotAnExport(string reason) => new(ErrorKind.Invalid, $"This is not an audit export in JSON: {reason}", "File");
}
