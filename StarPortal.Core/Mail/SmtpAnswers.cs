using System.Net.Mail;

namespace StarPortal.Core.Mail;

/// <summary>What a server's refusal means (RFC 5321 4.2.1: 4yz may pass later, 5yz will not).</summary>
internal static class SmtpAnswers
{
    /// <summary>
    /// 5yz is about this mail and final, but for what is about us and can be put right by an administrator: authentication wanted or refused
    /// (530, 534, 535, 538: RFC 4954 6, RFC 3207 4) and a client that speaks out of turn (500 to 504).
    /// </summary>
    public static bool IsFinal(SmtpException error) => (int)error.StatusCode is >= 510 and < 600 and not (530 or 534 or 535 or 538);

    public static string Describe(SmtpException error, MailOptions settings)
    {
        var server = $"{settings.Host}:{settings.Port}";
        var reason = error.InnerException is { } inner and not SmtpException ? $"{error.Message} {inner.Message}" : error.Message;
        var code = (int)error.StatusCode is > 0 and var number ? $" {number}" : "";
        return code.Length == 0 ? $"{server}: {Mailer.OneLine(reason)}" : $"{server} answered{code}: {Mailer.OneLine(reason)}";
    }
}
