using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StarPortal.Core.Audit;
using StarPortal.Core.Data;
using StarPortal.Core.Mail;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Approval;

/// <summary>What a run has done with a message.</summary>
/// <param name="Status">Null: it needs no row, or has one.</param>
/// <param name="OrganisationId">Whose request it is about, if it is known.</param>
internal sealed record CaMailOutcome(CaMailStatus? Status, Guid? OrganisationId = null);

/// <summary>
/// One message, once: its row and what follows from it are one transaction, and only then is the file put away. Killed in between, the next run finds the row and puts the file away.
/// </summary>
public sealed partial class CaMailIntake(
    IDbContextFactory<PortalDbContext> contexts, CaAnswers answers, ExternalIssuer issuer, IOptions<ApprovalOptions> options, TimeProvider clock, ILogger<CaMailIntake> logger)
{
    private static readonly Actor Self = Actor.System(CaMailJob.JobName);

    /// <summary>Whether there is a CA outside whose answers could come.</summary>
    internal bool IsInUse => answers.IsInUse;

    /// <returns>Null: it could not be read, or somebody else was at it: it stays for the next run.</returns>
    /// <exception cref="DbUpdateException">The database refuses: nothing has happened, and the file is where it was.</exception>
    internal async Task<CaMailOutcome?> TakeAsync(IncomingFile file, CancellationToken ct)
    {
        if (await IsKnownAsync(file, ct)) return new(Status: null);
        if (await Maildir.FindContentAsync(file, ct) is not { } content) return null;
        try
        {
            return await TakeAsync(file, content, ct);
        }
        catch (DbUpdateException lost) when (RowConflict.IsLostRace(lost))
        {
            return null;
        }
        catch (ServiceException error) when (error.Kind is ErrorKind.Unavailable)
        {
            return null;
        }
#pragma warning disable CA1031 // Whatever a message does to its reader, the others have to be read; what the database refuses concerns them all.
        catch (Exception error) when (error is not (OperationCanceledException or DbUpdateException or DbException))
        {
            LogUnreadable(error, file.Name);
            await using var db = await contexts.CreateDbContextAsync(ct);
            return await SaveAsync(db, CaMailText.Of(file), CaVerdict.Aside("It can't be read. The file is in the Maildir's folder .StarPortal."), ct);
        }
#pragma warning restore CA1031
    }

    private async Task<CaMailOutcome> TakeAsync(IncomingFile file, byte[] content, CancellationToken ct)
    {
        var mail = MimeReader.Read(content);
        var read = CaAnswer.Read(mail);
        var text = CaMailText.Of(file, mail, read);
        await using var db = await contexts.CreateDbContextAsync(ct);
        var verdict = file.Length > Maildir.MaxRead ? CaVerdict.Aside($"It is longer than {Maildir.MaxRead / 1024} KiB.") : await answers.JudgeAsync(db, mail, read, ct);
        if (verdict.Status is CaMailStatus.Issued && await FindRefusalAsync(db, verdict, ct) is { } refusal)
        {
            await using var fresh = await contexts.CreateDbContextAsync(ct); // Nothing of what was refused is to be saved.
            return await SaveAsync(fresh, text, verdict with { Status = CaMailStatus.SetAside, Reason = refusal }, ct);
        }

        return await SaveAsync(db, text, verdict, ct);
    }

    private async Task<string?> FindRefusalAsync(PortalDbContext db, CaVerdict verdict, CancellationToken ct)
    {
        try
        {
            await issuer.AddAsync(db, verdict.Request!, verdict.Certificate!, Self, ct);
            return null;
        }
        catch (ServiceException refusal) when (refusal.Kind is not ErrorKind.Unavailable)
        {
            return refusal.Message;
        }
    }

    private async Task<CaMailOutcome> SaveAsync(PortalDbContext db, CaMailText text, CaVerdict verdict, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var mail = CaMail.Of(text, verdict, now);
        if (verdict.Status is CaMailStatus.SetAside)
        {
            if (await IsFullAsync(db, mail, ct)) return new(Status: null);
            db.AuditRecords.Add(AuditRecord.Of(AuditAction.CaMailSetAside, Self, "ca-mail", mail.Id, now, mail.Reason));
        }

        db.CaMails.Add(mail);
        await db.SaveChangesAsync(ct);
        return new(verdict.Status, mail.OrganisationId);
    }

    /// <summary>What anybody can send does not crowd out what is about a request.</summary>
    private async Task<bool> IsFullAsync(PortalDbContext db, CaMail mail, CancellationToken ct)
    {
        var isAboutRequest = mail.RequestId is not null;
        return await db.CaMails.CountAsync(waiting => waiting.Status == CaMailStatus.SetAside && (waiting.RequestId != null) == isAboutRequest, ct) >= options.Value.ExternalCa.MaxSetAside;
    }

    private async Task<bool> IsKnownAsync(IncomingFile file, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var key = CaMailText.KeyOf(file);
        return await db.CaMails.AnyAsync(mail => mail.Key == key, ct);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The message {Name} can't be read")]
    private partial void LogUnreadable(Exception error, string name);
}
