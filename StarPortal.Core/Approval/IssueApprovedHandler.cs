using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using StarPortal.Core.Data;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Approval;

/// <summary>
/// Makes the certificate of an approved request. The outbox calls it at least once; what it does happens once: everything is one unit of
/// work that ends in a status of the request, and the certificate's source key is unique besides.
/// </summary>
public sealed partial class IssueApprovedHandler(
    IDbContextFactory<PortalDbContext> contexts, RequestIssuer issuer, IssueTrouble trouble, ILogger<IssueApprovedHandler> logger) : IOutboxHandler
{
    /// <summary>Failed attempts before the administrators hear of it; the outbox goes on trying.</summary>
    private const int QuietAttempts = 3;

    public string Kind => IssueApproved.Kind;

    public async Task HandleAsync(OutboxItem item, CancellationToken ct)
    {
        var approved = item.Read<IssueApproved>();
        try
        {
            await using var db = await contexts.CreateDbContextAsync(ct);
            if (await issuer.AddAsync(db, approved, ct)) await db.SaveChangesAsync(ct);
        }
        catch (ServiceException refusal) when (refusal.Kind is not ErrorKind.Unavailable)
        {
            // Trying again would end the same way: the officers have to know.
            LogRefused(approved.RequestId, refusal.Message);
            await trouble.ReturnToOfficersAsync(approved, refusal.Message, ct);
        }
        catch (Exception error) when (error is not OperationCanceledException && item.Attempts == QuietAttempts)
        {
            await trouble.TellAdministratorsAsync(approved, ct);
            throw;
        }
    }

    public Task GivenUpAsync(OutboxItem item, CancellationToken ct) => trouble.ReturnToOfficersAsync(
        item.Read<IssueApproved>(), "The certificate could not be made, at any of several attempts over a day. The administrators can see the cause.", ct);

    [LoggerMessage(Level = LogLevel.Error, Message = "Request {RequestId} was approved but can't be issued: {Reason}")]
    private partial void LogRefused(Guid requestId, string reason);
}
