using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Audit;
using StarPortal.Core.Enrollment;
using StarPortal.Core.Identity;
using StarPortal.Core.Shared;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Enrollment;

/// <summary>A form that is right in every field, for tests that break one.</summary>
internal static class EnrollmentForms
{
    public const string Passphrase = "seven otters juggle quietly";

    public static EnrollmentForm For(Organisation organisation, string userName = "ada") => new()
    {
        SubmissionId = Guid.NewGuid(),
        UserName = userName,
        FullName = "Ada Lovelace",
        Email = $"{userName}@example.org",
        Phone = "+49 30 123456",
        OrganisationId = organisation.Id,
        Purpose = "Simulations on the shared cluster",
        Sponsor = "Prof. Noether",
        Passphrase = Passphrase,
        PassphraseAgain = Passphrase,
        Hint = "animals in a circus",
        Key = KeySource.Portal,
    };

    public static EnrollmentForm WithRequest(this EnrollmentForm form, string pem)
    {
        (form.Key, form.SigningRequest) = (KeySource.SigningRequest, pem);
        return form;
    }

    public static EnrollmentForm With(this EnrollmentForm form, Action<EnrollmentForm> change)
    {
        change(form);
        return form;
    }

    /// <summary>A PKCS#10 request by .NET, as PEM.</summary>
    public static string SigningRequestOf(RSA key, string subject = "CN=whoever") =>
        new CertificateRequest(subject, key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSigningRequestPem();

    public static Actor Visitor(string address = "192.0.2.7") => Actor.Anonymous(address);

    /// <summary>Submits, and confirms by the link in the mail.</summary>
    public static async Task<EnrollmentRequest> SubmitConfirmedAsync(this TestPortal portal, EnrollmentForm form)
    {
        var ct = TestContext.Current.CancellationToken;
        await portal.Get<EnrollmentService>().SubmitAsync(form, Visitor(), ct);
        await portal.DrainOutboxAsync();
        return await portal.Get<AddressConfirmation>().ConfirmAsync(portal.ConfirmationToken(form.Email!), Visitor(), ct);
    }

    /// <summary>Of the last confirmation mail to this address.</summary>
    public static string ConfirmationToken(this TestPortal portal, string email) =>
        portal.Mails.Last(mail => mail.To.Contains(email, StringComparison.Ordinal) && mail.Subject.StartsWith("Confirm", StringComparison.Ordinal)).LinkTo("/confirm/").Segments[^1];

    /// <summary>Rows of everything that a submission makes: for showing that nothing is half made.</summary>
    public static async Task<(int Requests, int Users, int Links, int Audit, int Outbox)> CountRowsAsync(this TestPortal portal)
    {
        await using var db = portal.NewDb();
        var ct = TestContext.Current.CancellationToken;
        return (await db.EnrollmentRequests.CountAsync(ct), await db.Users.CountAsync(ct), await db.MailLinks.CountAsync(ct), await db.AuditRecords.CountAsync(ct), await db.Outbox.CountAsync(ct));
    }
}
