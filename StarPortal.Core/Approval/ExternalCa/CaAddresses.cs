using System.Text;
using Microsoft.Extensions.Options;
using StarPortal.Core.Authority;
using StarPortal.Core.Enrollment;
using StarPortal.Core.Mail;

namespace StarPortal.Core.Approval;

/// <summary>
/// The addresses that requests are sent from, and answers come to. With <see cref="ExternalCaProof.Token"/> each request has one of its own: <c>ra+token@example.org</c>, where the
/// token is an HMAC of request and round, so that nobody but the CA can address an answer to it, and none to another's.
/// </summary>
public sealed class CaAddresses(ServerKey serverKey, IOptions<ApprovalOptions> options)
{
    /// <summary>Hex digits: mail servers may change the case of an address.</summary>
    public const int TokenLength = 32;

    private static readonly string[] Recipients = ["Delivered-To", "X-Original-To", "Envelope-To", "To", "Cc"];

    internal string AddressOf(EnrollmentRequest request)
    {
        var own = options.Value.ExternalCa.RaAddress!;
        var at = own.IndexOf('@', StringComparison.Ordinal);
        return options.Value.ExternalCa.Proof is ExternalCaProof.Token ? $"{own[..at]}+{TokenOf(request)}{own[at..]}" : own;
    }

    /// <summary>Whether a mail came to the address of this request.</summary>
    internal bool IsAddressed(MimeEntity mail, EnrollmentRequest request)
    {
        var mark = $"+{TokenOf(request)}@";
        return Recipients.SelectMany(mail.AllText).Any(value => value.Contains(mark, StringComparison.OrdinalIgnoreCase));
    }

    private string TokenOf(EnrollmentRequest request) =>
        Convert.ToHexStringLower(serverKey.Authenticate("ca-mail", Encoding.ASCII.GetBytes($"{request.Id:N}:{request.Round}")))[..TokenLength];
}
