using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using StarPortal.Core.Authority;
using StarPortal.Core.Data;
using StarPortal.Core.Mail;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Approval;

/// <summary>What has become of a message in the Maildir. Kept as text.</summary>
public enum CaMailStatus
{
    /// <summary>Its certificate was issued by the job.</summary>
    Issued,

    /// <summary>It holds a certificate that the portal has already.</summary>
    Repeated,

    /// <summary>It waits for an officer's look.</summary>
    SetAside,

    /// <summary>An officer has taken the certificate in it.</summary>
    Taken,

    /// <summary>An officer has looked and put it away.</summary>
    Dismissed,
}

/// <summary>A message that was read from the Maildir: its row is what makes reading it once more do nothing.</summary>
public sealed class CaMail
{
    public const int MaxText = 8_000;
    public const int MaxReason = 1_000;

    private CaMail()
    {
    }

    public Guid Id { get; private set; } = SecureTokens.NewId();

    /// <summary>Unique: SHA-256 of the file's name in the Maildir.</summary>
    public string Key { get; private set; } = "";

    /// <summary>The file, in the Maildir's folder of those that are done with.</summary>
    public string FileName { get; private set; } = "";

    /// <summary>As the mail says, which proves nothing; made safe to show, as are all its texts.</summary>
    public string From { get; private set; } = "";

    public string Subject { get; private set; } = "";

    public string Text { get; private set; } = "";

    /// <summary>DER of the one that is no CA's, if there is one; not trusted.</summary>
    public byte[]? Certificate { get; private set; }

    public DateTimeOffset ArrivedAt { get; private set; }

    public DateTimeOffset ReadAt { get; private set; }

    public CaMailStatus Status { get; private set; }

    /// <summary>Why it was set aside, or an officer's words.</summary>
    public string? Reason { get; private set; }

    /// <summary>The request that its certificate's key belongs to.</summary>
    public Guid? RequestId { get; private set; }

    /// <summary>Of that request: whose officers see it. Null: administrators do, and officers of every organisation.</summary>
    public Guid? OrganisationId { get; private set; }

    /// <summary>Who has dealt with it last; null: the job.</summary>
    public Guid? HandledBy { get; private set; }

    public DateTimeOffset HandledAt { get; private set; }

    internal static CaMail Of(CaMailText text, CaVerdict verdict, DateTimeOffset now) => new()
    {
        Key = text.Key, FileName = text.FileName, From = text.From, Subject = text.Subject, Text = text.Text, ArrivedAt = text.ArrivedAt,
        Certificate = verdict.Certificate, Status = verdict.Status, Reason = Short(verdict.Reason), RequestId = verdict.Request?.Id, OrganisationId = verdict.Request?.OrganisationId,
        ReadAt = now, HandledAt = now,
    };

    /// <exception cref="ServiceException">Conflict: somebody has dealt with it.</exception>
    internal void Dismiss(Actor officer, string reason, DateTimeOffset now) => Handle(CaMailStatus.Dismissed, officer, reason, now);

    /// <exception cref="ServiceException">As <see cref="Dismiss"/>.</exception>
    internal void Take(Actor officer, Guid requestId, DateTimeOffset now)
    {
        Handle(CaMailStatus.Taken, officer, Reason, now);
        RequestId = requestId;
    }

    private void Handle(CaMailStatus status, Actor officer, string? reason, DateTimeOffset now)
    {
        if (Status is not CaMailStatus.SetAside) throw CaMailErrors.HandledAlready();
        (Status, Reason, HandledBy, HandledAt) = (status, Short(reason), officer.RequireSignedIn(), now);
    }

    /// <summary>A certificate's name is anybody's text, too.</summary>
    private static string? Short(string? text) => text is null ? null : ShownText.Of(text, MaxReason);
}

public static class CaMailSets
{
    extension(PortalDbContext db)
    {
        public DbSet<CaMail> CaMails => db.Set<CaMail>();
    }
}

internal sealed class CaMailMapping : IEntityTypeConfiguration<CaMail>
{
    public void Configure(EntityTypeBuilder<CaMail> builder)
    {
        builder.ToTable("CaMails");
        builder.Property(mail => mail.Id).ValueGeneratedNever();
        builder.Property(mail => mail.Key).HasMaxLength(64);
        builder.Property(mail => mail.FileName).HasMaxLength(CaMailText.MaxLine);
        builder.Property(mail => mail.From).HasMaxLength(CaMailText.MaxLine);
        builder.Property(mail => mail.Subject).HasMaxLength(CaMailText.MaxLine);
        builder.Property(mail => mail.Text).HasMaxLength(CaMail.MaxText);
        builder.Property(mail => mail.Reason).HasMaxLength(CaMail.MaxReason);
        builder.Property(mail => mail.Certificate).HasMaxLength(ExternalAuthority.MaxCertificate);
        builder.Property(mail => mail.Status).IsConcurrencyToken();
        builder.HasIndex(mail => mail.Key).IsUnique();
        builder.HasIndex(mail => new { mail.Status, mail.ReadAt });
    }
}
