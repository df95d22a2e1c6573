using StarPortal.Core.Audit;
using StarPortal.Core.Authority;
using StarPortal.Core.Data;
using StarPortal.Core.Enrollment;
using StarPortal.Core.Shared;

namespace StarPortal.Benchmarks.Seeding;

/// <summary>Requests with their histories, by the entity's own verbs and with the audit rows that the services write.</summary>
internal static class SeedRequests
{
    private static readonly Actor Issuing = Actor.System("issue");

    /// <summary>Asked for three days ago, approved, issued now.</summary>
    public static void AddIssued(PortalDbContext db, SeedPerson person, IssuanceOrder order, IssuedCertificate certificate, Actor officer, DateTimeOffset now)
    {
        var request = AddConfirmed(db, person, order, now.AddDays(-3));
        request.Approve(officer, now);
        Audit(db, AuditAction.RequestApproved, officer, request, now);
        request.MarkIssued(certificate.Id, now);
        Audit(db, AuditAction.RequestIssued, Issuing, request, now);
    }

    /// <summary>Of those without a certificate every other was rejected; the rest were withdrawn or ran out.</summary>
    public static void AddEnded(PortalDbContext db, SeedPerson person, IssuanceOrder order, Actor officer, int number, DateTimeOffset now)
    {
        var request = AddConfirmed(db, person, order, now.AddDays(-9));
        switch (number % 4)
        {
            case 0 or 1:
                request.Reject(officer, RejectionCode.IdentityNotEstablished, "Please see us in person first.", now);
                Audit(db, AuditAction.RequestRejected, officer, request, now);
                break;
            case 2:
                request.Withdraw(now);
                Audit(db, AuditAction.RequestWithdrawn, ActorOf(person), request, now);
                break;
            default:
                request.Expire(now);
                Audit(db, AuditAction.RequestExpired, Actor.System("request-expiry"), request, now);
                break;
        }
    }

    /// <summary>Of the open ones eight in ten wait for a decision, one is on hold, one waits for its confirmation.</summary>
    public static void AddOpen(PortalDbContext db, SeedPerson person, IssuanceOrder order, Actor officer, int number, DateTimeOffset now)
    {
        var submitted = now.AddHours(-(number % 200));
        if (number % 10 is 9)
        {
            AddSubmitted(db, person, order, submitted);
            return;
        }

        var request = AddConfirmed(db, person, order, submitted);
        if (number % 10 is 8) Hold(db, request, officer, now);
        else if (number % 5 is 0) Claim(db, request, officer, now);
    }

    private static void Hold(PortalDbContext db, EnrollmentRequest request, Actor officer, DateTimeOffset now)
    {
        request.Hold(officer, "Which project do you work for?", now);
        Audit(db, AuditAction.RequestHeld, officer, request, now);
    }

    private static void Claim(PortalDbContext db, EnrollmentRequest request, Actor officer, DateTimeOffset now)
    {
        request.Claim(officer, now);
        Audit(db, AuditAction.RequestClaimed, officer, request, now);
    }

    private static EnrollmentRequest AddConfirmed(PortalDbContext db, SeedPerson person, IssuanceOrder order, DateTimeOffset submitted)
    {
        var request = AddSubmitted(db, person, order, submitted);
        request.Confirm(submitted.AddMinutes(6));
        Audit(db, AuditAction.RequestConfirmed, ActorOf(person), request, submitted.AddMinutes(6));
        return request;
    }

    private static EnrollmentRequest AddSubmitted(PortalDbContext db, SeedPerson person, IssuanceOrder order, DateTimeOffset submitted)
    {
        var request = EnrollmentRequest.Submit(
            new NewRequest
            {
                SubmissionId = SecureTokens.NewId(), UserId = person.Id, UserName = person.UserName, FullName = person.FullName, Email = person.Email,
                OrganisationId = person.Organisation.Id, Purpose = "Submitting jobs to the grid and reading the archive.", Sponsor = "Head of group",
                Profile = order.Profile, Subject = order.Subject.ToString(), SubjectEncoded = order.Subject.Encoded, ReservesSubject = false,
                KeySource = KeySource.SigningRequest, PublicKeyInfo = order.PublicKeyInfo, KeyHash = PublicKeyFacts.HashOf(order.PublicKeyInfo),
            },
            submitted);
        db.EnrollmentRequests.Add(request);
        Audit(db, AuditAction.RequestSubmitted, ActorOf(person), request, submitted);
        return request;
    }

    private static Actor ActorOf(SeedPerson person) => new(person.Id, person.UserName, [new(PortalRole.Subscriber, person.Organisation.Id)]) { Address = "198.51.100.23" };

    private static void Audit(PortalDbContext db, AuditAction action, Actor actor, EnrollmentRequest request, DateTimeOffset now) =>
        db.AuditRecords.Add(AuditRecord.Of(action, actor, "request", request.Id, now));
}
