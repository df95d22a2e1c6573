using System.Net.Mail;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Audit;
using StarPortal.Core.Data;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Identity;

/// <summary>
/// Makes accounts inside the caller's unit of work. Two people who ask for names that differ only by case at the same time are told apart
/// by the unique index on the normalised name: the second save fails, see <see cref="IsUserNameTaken(DbUpdateException)"/>.
/// </summary>
public sealed class AccountRegistrar(
    IDbContextFactory<PortalDbContext> contexts, SignInPassphrases passphrases, ILookupNormalizer normalizer, TimeProvider clock)
{
    /// <summary>Adds the account, a subscriber by role, and its audit record; the caller saves.</summary>
    /// <exception cref="ServiceException">Invalid: the name, the user name or the address breaks its rule, or the passphrase its policy (field Passphrase).</exception>
    public PortalUser Add(PortalDbContext db, NewAccount account, Actor actor)
    {
        var now = clock.GetUtcNow();
        var user = Create(account, now);
        if (account.Password is { } password)
        {
            passphrases.Require(password, account.Hint, [user.UserName!, user.FullName, user.Email!]);
            user.SetPassphrase(passphrases.Seal(password, account.Hint));
        }

        db.Users.Add(user);
        db.RoleGrants.Add(RoleGrant.To(user.Id, PortalRole.Subscriber, user.OrganisationId, isDeputy: false, now, endsAt: null, actor));
        db.AuditRecords.Add(AuditRecord.Of(AuditAction.UserCreated, actor, "user", user.Id, now, user.UserName));
        return user;
    }

    /// <summary>Whether somebody has this name, in whatever case. Advice while typing: only the save decides.</summary>
    public async Task<bool> IsUserNameTakenAsync(string userName, CancellationToken ct)
    {
        var normalized = normalizer.NormalizeName(userName.Trim());
        await using var db = await contexts.CreateDbContextAsync(ct);
        return await db.Users.AnyAsync(user => user.NormalizedUserName == normalized, ct);
    }

    /// <summary>Whether a save failed because the user name went to somebody else: the unique index, by each provider's name for it.</summary>
    public static bool IsUserNameTaken(DbUpdateException error) =>
        error.InnerException?.Message is { } message
        && (message.Contains("NormalizedUserName", StringComparison.Ordinal) || message.Contains("UserNameIndex", StringComparison.Ordinal));

    /// <summary>Saves a unit of work that holds a new account or uses a link up.</summary>
    /// <exception cref="ServiceException">Conflict: the name went to somebody else; Gone: the link did.</exception>
    internal static async Task SaveAsync(PortalDbContext db, CancellationToken ct)
    {
        try
        {
            await db.SaveChangesAsync(ct);
        }
        catch (DbUpdateConcurrencyException)
        {
            throw LinkErrors.UsedMeanwhile();
        }
        catch (DbUpdateException error) when (IsUserNameTaken(error))
        {
            throw AccountErrors.UserNameTaken();
        }
    }

    private PortalUser Create(NewAccount account, DateTimeOffset now)
    {
        var (userName, fullName, email) = (account.UserName.Trim(), account.FullName.Trim(), account.Email.Trim());
        if (UserNameRules.Problem(userName) is { } problem) throw AccountErrors.UserNameUnusable(problem);
        if (fullName.Length is 0 or > 200 || fullName.Any(char.IsControl)) throw AccountErrors.FullNameUnusable();
        if (email.Length > 254 || !MailAddress.TryCreate(email, out var address) || address.Address != email) throw AccountErrors.EmailUnusable();

        return new PortalUser
        {
            UserName = userName,
            NormalizedUserName = normalizer.NormalizeName(userName),
            FullName = fullName,
            Email = email,
            NormalizedEmail = normalizer.NormalizeEmail(email),
            PhoneNumber = string.IsNullOrWhiteSpace(account.Phone) ? null : account.Phone.Trim(),
            OrganisationId = account.OrganisationId,
            SecurityStamp = SecureTokens.NewToken(),
            LockoutEnabled = true,
            CreatedAt = now,
        };
    }
}
