using StarPortal.Core.Data;

namespace StarPortal.Core.Revocation;

/// <summary>Whose data is exported, and by what rows that are about them name them.</summary>
/// <param name="Id">The account.</param>
/// <param name="UserName">As it signs in.</param>
/// <param name="Email">As mails are sent to; null: none.</param>
/// <param name="AuditedAs">What the audit log calls the person, their requests and their certificates.</param>
internal sealed record ExportedPerson(Guid Id, string UserName, string? Email, IReadOnlyList<string> AuditedAs);

/// <summary>A table of which a person is given their rows.</summary>
/// <param name="Name">In the file.</param>
/// <param name="Entity">The table's rows.</param>
/// <param name="Rows">The newest first, each with what it says about the person and no secret.</param>
internal sealed record ExportedTable(string Name, Type Entity, Func<PortalDbContext, ExportedPerson, IQueryable<object>> Rows);
