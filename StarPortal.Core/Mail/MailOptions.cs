using System.ComponentModel.DataAnnotations;
using System.Net;
using System.Net.Mail;

namespace StarPortal.Core.Mail;

public enum MailTransportKind
{
    /// <summary>Each mail a file in <c>mail/</c> of the data directory.</summary>
    Eml,

    /// <summary>A server, by STARTTLS.</summary>
    Smtp,
}

/// <summary>Section <c>Mail</c>.</summary>
public sealed class MailOptions
{
    public const string Section = "Mail";

    [EnumDataType(typeof(MailTransportKind))]
    public MailTransportKind Transport { get; set; } = MailTransportKind.Eml;

    /// <summary>The SMTP server's name, as its certificate has it.</summary>
    public string? Host { get; set; }

    /// <summary>The submission port by RFC 6409. Port 465 (TLS from the first byte) is not supported.</summary>
    [Range(1, 65535)]
    public int Port { get; set; } = 587;

    /// <summary>Empty: the server takes mail without authentication.</summary>
    public string? UserName { get; set; }

    public string? Password { get; set; }

    /// <summary>A file that holds the password alone (a mounted secret); used instead of <see cref="Password"/>.</summary>
    public string? PasswordFile { get; set; }

    /// <summary>The sender, as <c>address</c> or <c>Name &lt;address&gt;</c>. Default: noreply at the host of Portal:PublicUrl, with the portal's name.</summary>
    public string? From { get; set; }

    /// <summary>Whether mail goes out over STARTTLS only. Default: yes, unless <see cref="Host"/> is this machine.</summary>
    public bool? RequireTls { get; set; }

    /// <summary>How long one delivery may take.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:01:20", ErrorMessage = "Mail:Timeout must be between 1 and 80 seconds.")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Mails to one address within an hour; what exceeds it goes out later.</summary>
    [Range(1, 10_000)]
    public int MaxPerRecipientPerHour { get; set; } = 30;

    /// <summary>Days for which recipient and subject of a mail are kept after it was sent or given up.</summary>
    [Range(1, 3650)]
    public int HistoryDays { get; set; } = 90;

    /// <summary>A folder with templates that replace ours: <c>enrollment/confirm-address.txt</c> and so on.</summary>
    public string? TemplateDirectory { get; set; }

    /// <summary>The Maildir that answers of a CA outside are delivered into: a folder with <c>new</c> and <c>cur</c>, on one file system.</summary>
    public string? Maildir { get; set; }

    internal bool TlsRequired => RequireTls ?? !IsLoopback(Host);

    /// <summary>What is wrong with the options taken together, in one line each.</summary>
    internal IEnumerable<string> Problems()
    {
        if (From is not null && !MailAddress.TryCreate(From, out _)) yield return $"Mail:From is not a mail address: {From}";
        if (TemplateDirectory is not null && !Directory.Exists(TemplateDirectory)) yield return $"Mail:TemplateDirectory does not exist: {TemplateDirectory}";
        if (Maildir is not null && !(Directory.Exists(Path.Combine(Maildir, "new")) && Directory.Exists(Path.Combine(Maildir, "cur")))) yield return $"Mail:Maildir is no Maildir, a folder with new, cur and tmp in it: {Maildir}";
        if (Transport is not MailTransportKind.Smtp) yield break;
        if (string.IsNullOrWhiteSpace(Host)) yield return "Mail:Host is missing: Mail:Transport is Smtp.";
        if (Port == 465) yield return "Mail:Port 465 speaks TLS from the first byte, which is not supported: use the submission port 587 with STARTTLS.";
        if (Password is not null && PasswordFile is not null) yield return "Mail:Password and Mail:PasswordFile are both set: keep one.";
        if (PasswordFile is not null && !File.Exists(PasswordFile)) yield return $"Mail:PasswordFile does not exist: {PasswordFile}";
        if (string.IsNullOrEmpty(UserName) != (Password is null && PasswordFile is null))
            yield return "Mail:UserName and a password (Mail:Password or Mail:PasswordFile) belong together: one of them is missing.";
        if (!string.IsNullOrEmpty(UserName) && !TlsRequired && !IsLoopback(Host))
            yield return "Mail:RequireTls is false but Mail:UserName is set: the password would cross the network in the clear.";
    }

    private static bool IsLoopback(string? host) =>
        string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
}
