using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using StarPortal.Core.Audit;
using StarPortal.Core.Authority;
using StarPortal.Core.Data;
using StarPortal.Core.Identity;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Credentials;

/// <summary>Mails a hint to the confirmed address of whom it was asked for, if there is such a person, and once in each <see cref="CredentialOptions.HintInterval"/> only.</summary>
internal sealed class HintAskedHandler(
    IServiceScopeFactory scopes, ServerKey serverKey, SignInPassphrases passphrases, PassphraseMails mails, IOptions<CredentialOptions> options) : IOutboxHandler
{
    public string Kind => HintAsked.Kind;

    public async Task HandleAsync(OutboxItem item, CancellationToken ct)
    {
        var userName = Encoding.UTF8.GetString(serverKey.Open(HintService.Purpose, item.Read<HintAsked>().SealedUserName));
        await using var work = scopes.BeginAccountWork();
        var user = await work.FindByNameAsync(userName, ct);
        if (user is not { EmailConfirmed: true, IsLockedByAdministrator: false } || !options.Value.HintsEnabled) return;

        mails.AddHint(work.Db, user, passphrases.OpenHint(user), $"hint:{user.Id:N}:{item.CreatedAt.Ticks / options.Value.HintInterval.Ticks}");
        work.Db.AuditRecords.Add(AuditRecord.Of(AuditAction.HintMailed, Actor.System(Kind), "user", user.Id, item.CreatedAt));
        try
        {
            await work.Db.SaveChangesAsync(ct);
        }
        catch (DbUpdateException error) when (RowConflict.IsLostRace(error))
        {
            // The mail has been sent in this stretch of time: by the unique key, on whatever node.
        }
    }
}
