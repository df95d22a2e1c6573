using System.Text;
using Microsoft.Extensions.Options;
using StarPortal.Core.Authority;
using StarPortal.Core.Data;
using StarPortal.Core.Identity;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Enrollment;

/// <summary>Outbox payload of kind <c>recovery</c>. The name is sealed: people type other things into that field, too.</summary>
internal sealed record RecoveryAsked(Guid AttemptId, byte[] SealedUserName)
{
    public const string Kind = "recovery";
}

/// <summary>Makes of a form what is kept of it: the same for every user name.</summary>
public sealed class RecoveryIntake(RequestKeys keys, SignInPassphrases passphrases, ServerKey serverKey, IOptions<EnrollmentOptions> options)
{
    private const string Purpose = "recovery-asked";
    private const int MaxUserName = 200;

    /// <summary>Adds the attempt, and what is to be done about it, to the caller's unit of work.</summary>
    /// <exception cref="ServiceException">Invalid, beside a field.</exception>
    internal void Add(PortalDbContext db, RecoveryForm form, DateTimeOffset now)
    {
        var (encryptedKey, publicKeyInfo) = keys.Make(options.Value.Profile, form.Passphrase!);
        var attempt = RecoveryAttempt.Of(encryptedKey, publicKeyInfo, passphrases.Seal(form.Passphrase!, form.Hint), now);
        var name = form.UserName!.Trim();
        var sealedName = serverKey.Seal(Purpose, Encoding.UTF8.GetBytes(name.Length <= MaxUserName ? name : name[..MaxUserName]));
        db.RecoveryAttempts.Add(attempt);
        db.Outbox.Add(OutboxItem.For(RecoveryAsked.Kind, $"{attempt.Id:N}", new RecoveryAsked(attempt.Id, sealedName), now));
    }

    /// <exception cref="ServiceException">Invalid, beside a field.</exception>
    internal void Require(RecoveryForm form) => form.Require(passphrases);

    internal string UserNameOf(RecoveryAsked asked) => Encoding.UTF8.GetString(serverKey.Open(Purpose, asked.SealedUserName));
}
