using Microsoft.AspNetCore.Identity;
using StarPortal.Core.Acme;
using StarPortal.Core.Approval;
using StarPortal.Core.Audit;
using StarPortal.Core.Authority;
using StarPortal.Core.Credentials;
using StarPortal.Core.Delegation;
using StarPortal.Core.Enrollment;
using StarPortal.Core.Identity;
using StarPortal.Core.Mail;
using StarPortal.Core.MyProxy;
using StarPortal.Core.Registry;
using StarPortal.Core.Renewal;
using StarPortal.Core.Star;

namespace StarPortal.Core.Revocation;

/// <summary>
/// Every table of the database is here or among <see cref="WithheldTables"/>, which a test sees to. Columns are named one by one, so that a new column, which may be a
/// secret, is in no file before somebody has thought of it.
/// </summary>
internal static class ExportedTables
{
    public static IReadOnlyList<ExportedTable> All { get; } =
    [
        new("account", typeof(PortalUser), (db, person) => db.Users.Where(user => user.Id == person.Id).OrderBy(user => user.Id).Select(user => new
        {
            user.Id, user.UserName, user.FullName, user.Email, user.EmailConfirmed, user.PhoneNumber, user.OrganisationId, user.CertificateSubject, HasHint = user.SealedHint != null,
            user.TwoFactorEnabled, user.LockoutEnd, user.AccessFailedCount, user.IsDemoPersona, user.CreatedAt, user.LastSignInAt,
        })),
        new("roles", typeof(RoleGrant), (db, person) => db.RoleGrants.Where(grant => grant.UserId == person.Id).OrderByDescending(grant => grant.StartsAt)
            .Select(grant => new { grant.Role, grant.OrganisationId, grant.IsDeputy, grant.StartsAt, grant.EndsAt, grant.GrantedBy })),
        new("sessions", typeof(UserSession), (db, person) => db.UserSessions.Where(session => session.UserId == person.Id).OrderByDescending(session => session.SeenAt)
            .Select(session => new { session.Device, session.Address, session.StartedAt, session.SeenAt })),
        new("passkeys", typeof(IdentityUserPasskey<Guid>), (db, person) => db.UserPasskeys.Where(passkey => passkey.UserId == person.Id).OrderBy(passkey => passkey.CredentialId)
            .Select(passkey => new { passkey.CredentialId, passkey.Data.Name, passkey.Data.CreatedAt, passkey.Data.IsBackedUp })),
        new("requests", typeof(EnrollmentRequest), (db, person) => db.EnrollmentRequests.Where(request => request.UserId == person.Id).OrderByDescending(request => request.SubmittedAt).Select(request => new
        {
            request.Id, request.Kind, request.Status, request.UserName, request.FullName, request.Email, request.Phone, request.OrganisationId, request.Purpose, request.Sponsor, request.Profile, request.Subject,
            request.KeySource, request.PublicKeyInfo, request.Findings, request.SubmittedAt, request.ConfirmedAt, request.DecidedAt, request.RejectionCode, request.RejectionText, request.CertificateId, request.IssuedAt, request.EndedAt,
        })),
        new("requestMessages", typeof(RequestMessage), (db, person) =>
        {
            var requests = db.EnrollmentRequests;
            return db.RequestMessages
                .Where(message => message.AuthorId == person.Id || requests.Any(request => request.Id == message.RequestId && request.UserId == person.Id)).OrderByDescending(message => message.At)
                .Select(message => new { message.RequestId, message.Kind, IsYours = message.AuthorId == person.Id, message.Text, message.At });
        }),
        new("decisions", typeof(Decision), (db, person) =>
        {
            var requests = db.EnrollmentRequests;
            return db.Decisions
                .Where(decision => decision.OfficerId == person.Id || requests.Any(request => request.Id == decision.RequestId && request.UserId == person.Id)).OrderByDescending(decision => decision.At)
                .Select(decision => new { decision.RequestId, decision.Round, decision.Verdict, IsYours = decision.OfficerId == person.Id, decision.At });
        }),
        new("recoveries", typeof(RecoveryAttempt), (db, person) => db.RecoveryAttempts.Where(attempt => attempt.UserId == person.Id).OrderByDescending(attempt => attempt.AskedAt)
            .Select(attempt => new { attempt.AskedAt, attempt.PublicKeyInfo })),
        new("certificates", typeof(IssuedCertificate), (db, person) => db.IssuedCertificates.Where(certificate => certificate.UserId == person.Id).OrderByDescending(certificate => certificate.IssuedAt).Select(certificate => new
        {
            certificate.Id, certificate.SerialNumber, certificate.Issuer, certificate.Profile, certificate.Subject, certificate.Names, certificate.OrganisationId, certificate.NotBefore, certificate.NotAfter,
            certificate.IssuedAt, certificate.RevokedAt, certificate.RevocationReason, certificate.Der,
        })),
        new("keys", typeof(Credential), (db, person) => db.Credentials.Where(key => key.UserId == person.Id).OrderByDescending(key => key.StoredAt)
            .Select(key => new { key.CertificateId, key.StoredAt, key.DownloadedAt, key.Attempts, key.LastAttemptAt })),
        new("myProxyCredentials", typeof(StoredCredential), (db, person) =>
        {
            var userHash = CredentialKey.HashOf(person.UserName); // what was uploaded under the user name is the person's as well
            return db.StoredCredentials.Where(stored => stored.UserId == person.Id || stored.UserHash == userHash).OrderByDescending(stored => stored.StoredAt).Select(stored => new
            {
                stored.UserName, stored.CredentialName, stored.Owner, stored.Subject, stored.Origin, stored.CertificateId, stored.KeyKind, stored.Chain, stored.NotBefore, stored.NotAfter, stored.Description, stored.MaxLifetime,
                stored.Retrievers, stored.KeyRetrievers, stored.TrustedRetrievers, stored.Renewers, stored.LockMessage, stored.StoredAt, stored.LastUsedAt, stored.LastUsedBy, stored.LastUsedFrom,
            });
        }),
        new("registryEntry", typeof(RegistryEntry), (db, person) => db.RegistryEntries.Where(entry => entry.UserId == person.Id).OrderBy(entry => entry.UserId)
            .Select(entry => new { entry.UserName, entry.Dn, entry.FullName, entry.Email, entry.Since, entry.LostAt, entry.RemovalAt, entry.RemovedAt })),
        new("access", typeof(AccessGrant), (db, person) => db.AccessGrants.Where(grant => grant.UserId == person.Id).OrderByDescending(grant => grant.GrantedAt)
            .Select(grant => new { grant.ResourceId, grant.Account, grant.GrantedAt, grant.Until, grant.EndedAt })),
        new("accessRequests", typeof(AccessRequest), (db, person) => db.AccessRequests.Where(request => request.UserId == person.Id).OrderByDescending(request => request.AskedAt)
            .Select(request => new { request.ResourceId, request.Reason, request.AskedAt, request.Status, request.EndedAt, request.Answer })),
        new("groups", typeof(GroupMember), (db, person) => db.GroupMembers.Where(member => member.UserId == person.Id).OrderByDescending(member => member.AddedAt)
            .Select(member => new { member.GroupId, member.AddedAt })),
        new("ownGroups", typeof(RegistryGroup), (db, person) => db.RegistryGroups.Where(group => group.OwnerId == person.Id).OrderByDescending(group => group.CreatedAt)
            .Select(group => new { group.Id, group.Name, group.Description, group.CreatedAt })),
        new("ownResources", typeof(ResourceOwner), (db, person) => db.ResourceOwners.Where(owner => owner.UserId == person.Id).OrderByDescending(owner => owner.Since)
            .Select(owner => new { owner.ResourceId, owner.Since })),
        new("renewals", typeof(CertificateRenewal), (db, person) => db.CertificateRenewals.Where(renewal => renewal.UserId == person.Id).OrderBy(renewal => renewal.CertificateId)
            .Select(renewal => new { renewal.CertificateId, renewal.NotifiedAt, renewal.OpenedAt, renewal.DeclinedAt, renewal.RenewedAt, renewal.ReplacementId })),
        new("notices", typeof(RenewalNotice), (db, person) =>
        {
            var certificates = db.IssuedCertificates;
            return db.RenewalNotices
                .Where(notice => certificates.Any(certificate => certificate.Id == notice.CertificateId && certificate.UserId == person.Id)).OrderByDescending(notice => notice.WrittenAt)
                .Select(notice => new { notice.CertificateId, notice.Slot, notice.WrittenAt });
        }),
        new("mutedNotices", typeof(MutedNotices), (db, person) => db.MutedNotices.Where(muted => muted.UserId == person.Id).OrderBy(muted => muted.UserId).Select(muted => new { muted.Since })),
        new("addressChanges", typeof(AddressChange), (db, person) => db.AddressChanges.Where(change => change.UserId == person.Id).OrderByDescending(change => change.AskedAt)
            .Select(change => new { change.Address, change.AskedAt, change.ConfirmedAt })),
        new("entitlement", typeof(Entitlement), (db, person) => db.Entitlements.Where(answer => answer.UserId == person.Id).OrderBy(answer => answer.UserId)
            .Select(answer => new { answer.ConfirmedAt, answer.RefusedAt, answer.WaitingSince, answer.WaitingCertificateId, answer.WishedOrganisationId })),
        new("removals", typeof(PersonRemoval), (db, person) => db.PersonRemovals.Where(removal => removal.UserId == person.Id).OrderByDescending(removal => removal.AskedAt)
            .Select(removal => new { removal.Status, removal.Reason, removal.AskedBy, removal.AskedAt, removal.DueAt, removal.EndedAt, removal.UndoneBy })),
        new("mails", typeof(OutgoingMail), (db, person) => db.OutgoingMails.Where(mail => mail.Recipient == person.Email).OrderByDescending(mail => mail.QueuedAt)
            .Select(mail => new { mail.Recipient, mail.Subject, mail.QueuedAt, mail.SentAt, mail.GivenUpAt })),
        new("links", typeof(MailLink), (db, person) => db.MailLinks.Where(link => link.UserId == person.Id).OrderByDescending(link => link.CreatedAt)
            .Select(link => new { link.Purpose, link.CreatedAt, link.ExpiresAt, link.UsedAt })),
        .. OfOwners,
        new("audit", typeof(AuditRecord), (db, person) => db.AuditRecords.Where(record => record.ActorId == person.Id || person.AuditedAs.Contains(record.ObjectId)).OrderByDescending(record => record.Sequence).Select(record => new
        {
            record.Sequence, record.At, record.Action, record.ActorName, ActorAddress = record.ActorId == person.Id ? record.ActorAddress : null, record.ObjectType, record.ObjectId, record.Detail,
        })),
    ];

    /// <summary>What somebody has who answers for domain names.</summary>
    private static IReadOnlyList<ExportedTable> OfOwners =>
    [
        new("acmeAccounts", typeof(AcmeAccount), (db, person) => db.AcmeAccounts.Where(account => account.OwnerId == person.Id).OrderByDescending(account => account.CreatedAt)
            .Select(account => new { account.Id, account.Directory, account.Thumbprint, account.Status, account.Contacts, account.AgreedTerms, account.TermsAgreedAt, account.CreatedAt, account.LastAddress, account.LastUserAgent })),
        new("acmeOrders", typeof(AcmeOrder), (db, person) =>
        {
            var accounts = db.AcmeAccounts;
            return db.AcmeOrders.Where(order => accounts.Any(account => account.Id == order.AccountId && account.OwnerId == person.Id)).OrderByDescending(order => order.CreatedAt)
                .Select(order => new { order.Id, order.AccountId, order.Status, order.Names, order.Profile, order.CreatedAt, order.FinalizedAt, order.CertificateSerial });
        }),
        new("acmeNamespaces", typeof(AcmeNamespace), (db, person) => db.AcmeNamespaces.Where(claim => claim.OwnerId == person.Id || claim.DecidedBy == person.Id).OrderByDescending(claim => claim.AskedAt)
            .Select(claim => new { claim.Suffix, claim.Challenge, claim.State, claim.Reason, claim.Note, IsYours = claim.OwnerId == person.Id, claim.AskedAt, claim.DecidedAt })),
        new("externalAccountKeys", typeof(ExternalAccountKey), (db, person) => db.ExternalAccountKeys.Where(key => key.OwnerId == person.Id).OrderByDescending(key => key.CreatedAt)
            .Select(key => new { key.KeyId, key.Directory, key.Label, key.OrganisationId, key.AllowedIdentifiers, key.WaivesChallenges, key.Profile, key.ExpiresAt, key.MaxUses, key.UseCount, key.RevokedAt, key.CreatedBy, key.CreatedAt })),
        new("starOrders", typeof(StarOrder), (db, person) =>
        {
            var accounts = db.AcmeAccounts;
            return db.StarOrders.Where(order => accounts.Any(account => account.Id == order.AccountId && account.OwnerId == person.Id)).OrderByDescending(order => order.CreatedAt)
                .Select(order => new { order.Id, order.AccountId, order.Status, order.Names, order.Profile, order.StartDate, order.EndDate, order.Lifetime, order.CreatedAt, order.CanceledAt, order.CancelReason, order.Fetches, order.LastFetchAt, order.LastFetchFrom });
        }),
        new("consumers", typeof(DelegationConsumer), (db, person) => db.DelegationConsumers.Where(consumer => consumer.OwnerId == person.Id).OrderByDescending(consumer => consumer.CreatedAt)
            .Select(consumer => new { consumer.Id, consumer.Name, consumer.CreatedAt, consumer.EndedAt })),
        new("consumerCredentials", typeof(ConsumerCredential), (db, person) =>
        {
            var consumers = db.DelegationConsumers;
            return db.ConsumerCredentials
                .Where(credential => consumers.Any(consumer => consumer.Id == credential.ConsumerId && consumer.OwnerId == person.Id)).OrderByDescending(credential => credential.CreatedAt)
                .Select(credential => new { credential.ConsumerId, credential.Kind, credential.Label, credential.CreatedAt, credential.RevokedAt, credential.LastUsedAt });
        }),
        new("delegations", typeof(NameDelegation), (db, person) => db.NameDelegations.Where(delegation => delegation.OwnerId == person.Id).OrderByDescending(delegation => delegation.CreatedAt).Select(delegation => new
        {
            delegation.Id, delegation.ConsumerId, delegation.State, delegation.Names, delegation.Template, delegation.CnameMap, delegation.MaxLifetime, delegation.MaxValidity, delegation.Upstream, delegation.Approval, delegation.CreatedAt, delegation.EndedAt,
        })),
        new("delegatedOrders", typeof(DelegatedOrder), (db, person) => db.DelegatedOrders.Where(order => order.OwnerId == person.Id).OrderByDescending(order => order.CreatedAt).Select(order => new
        {
            order.Id, order.DelegationId, order.ConsumerId, order.Door, order.Status, order.Names, order.IsStar, order.StartDate, order.EndDate, order.Lifetime, order.Upstream, order.Reason, order.Detail, order.CreatedAt, order.DecidedAt,
            order.ValidAt, order.EndedAt, order.Fetches, order.LastFetchAt, order.LastFetchFrom,
        })),
    ];
}
