using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using StarPortal.Core.Audit;
using StarPortal.Core.Data;
using StarPortal.Core.Enrollment;
using StarPortal.Core.Mail;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Approval;

/// <summary>Approved requests on their way to the CA outside: one mail each, from the registration authority's address, with the signing request.</summary>
public sealed class CaRequests(CaAddresses addresses, Mailer mailer, MailTemplates templates, TimeProvider clock, IOptions<ApprovalOptions> options)
{
    /// <summary>Adds the mail, the new state and the audit row to the caller's unit of work.</summary>
    /// <exception cref="ServiceException">Conflict: there is no signing request to send.</exception>
    internal void Add(PortalDbContext db, EnrollmentRequest request, Actor actor)
    {
        if (request.SigningRequest is not { } signingRequest) throw CaMailErrors.NoSigningRequest();
        var now = clock.GetUtcNow();
        var pem = PemEncoding.WriteString("CERTIFICATE REQUEST", signingRequest);
        var message = templates.Render("approval/ca-request", options.Value.ExternalCa.Address!, new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["subject"] = request.Subject,
            ["names"] = string.Join(", ", request.Names),
            ["fullName"] = request.FullName,
            ["approved"] = (request.DecidedAt ?? now).UtcDateTime.ToString("d MMMM yyyy", CultureInfo.InvariantCulture),
            ["request"] = pem,
        });
        mailer.Add(db, $"request:{request.Id:N}:ca:{request.Version}", message with
        {
            From = addresses.AddressOf(request), Attachments = [new MailAttachment("request.pem", "text/plain", Encoding.ASCII.GetBytes(pem + "\n"))],
        });
        request.MarkSentToCa(now);
        db.AuditRecords.Add(AuditRecord.Of(AuditAction.RequestSentToCa, actor, "request", request.Id, now, options.Value.ExternalCa.Address));
    }
}
