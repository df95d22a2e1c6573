using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using StarPortal.Core.Data;

namespace StarPortal.Core.Mail;

public static class MailSets
{
    extension(PortalDbContext db)
    {
        public DbSet<OutgoingMail> OutgoingMails => db.Set<OutgoingMail>();
    }
}

internal sealed class MailMapping : IEntityTypeConfiguration<OutgoingMail>
{
    public void Configure(EntityTypeBuilder<OutgoingMail> builder)
    {
        builder.ToTable("OutgoingMails");
        builder.Property(mail => mail.Id).ValueGeneratedNever();
        builder.Property(mail => mail.Recipient).HasMaxLength(254);
        builder.Property(mail => mail.Subject).HasMaxLength(250);
        builder.Property(mail => mail.Result).HasMaxLength(1000);
        builder.HasIndex(mail => mail.QueuedAt);
        builder.HasIndex(mail => new { mail.Recipient, mail.SentAt });
        builder.HasIndex(mail => mail.GivenUpAt);
    }
}
