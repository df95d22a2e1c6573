using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using StarPortal.Core.Authority;
using StarPortal.Core.Data;
using StarPortal.Core.Identity;

namespace StarPortal.Core.Enrollment;

public static class EnrollmentSets
{
    extension(PortalDbContext db)
    {
        public DbSet<EnrollmentRequest> EnrollmentRequests => db.Set<EnrollmentRequest>();

        public DbSet<RequestMessage> RequestMessages => db.Set<RequestMessage>();
    }
}

internal sealed class EnrollmentMapping : IEntityTypeConfiguration<EnrollmentRequest>
{
    public void Configure(EntityTypeBuilder<EnrollmentRequest> builder)
    {
        builder.ToTable("EnrollmentRequests");
        builder.Property(request => request.Id).ValueGeneratedNever();
        builder.Property(request => request.UserName).HasMaxLength(32);
        builder.Property(request => request.FullName).HasMaxLength(200);
        builder.Property(request => request.Email).HasMaxLength(254);
        builder.Property(request => request.Phone).HasMaxLength(40);
        builder.Property(request => request.Purpose).HasMaxLength(1000);
        builder.Property(request => request.Sponsor).HasMaxLength(200);
        builder.Property(request => request.Profile).HasMaxLength(40);
        builder.Property(request => request.Subject).HasMaxLength(OrderLinter.MaxSubjectLength);
        builder.Property(request => request.ReservedSubject).HasMaxLength(OrderLinter.MaxSubjectLength);
        builder.Property(request => request.KeyHash).HasMaxLength(64);
        builder.Property(request => request.OpenKeyHash).HasMaxLength(64);
        builder.Property(request => request.AcknowledgementReason).HasMaxLength(1000);
        builder.Property(request => request.NewPassphraseHash).HasMaxLength(200);
        builder.Property(request => request.NewHint).HasMaxLength(SignInPassphrases.MaxSealedHint);
        builder.Property(request => request.SigningRequest).HasMaxLength(SigningRequest.MaxLength);
        builder.Property(request => request.IssueProblem).HasMaxLength(1000);
        builder.Property(request => request.RejectionText).HasMaxLength(RequestMessage.MaxLength);
        builder.Property(request => request.Names).HasJsonText();
        builder.Property(request => request.Findings).HasJsonText();
        builder.Property(request => request.Status).IsConcurrencyToken();
        builder.Property(request => request.Version).IsConcurrencyToken();

        builder.HasIndex(request => request.SubmissionId).IsUnique();
        builder.HasIndex(request => request.ReservedSubject).IsUnique();
        builder.HasIndex(request => request.OpenKeyHash).IsUnique();
        builder.HasIndex(request => request.OpenRecoveryOf).IsUnique();
        builder.HasIndex(request => request.UserId);
        builder.HasIndex(request => request.KeyHash);
        builder.HasIndex(request => new { request.Status, request.SubmittedAt });
        builder.HasIndex(request => new { request.Status, request.WaitingSince });
        builder.HasIndex(request => new { request.OrganisationId, request.Status, request.WaitingSince });
        builder.HasIndex(request => request.LastChangedAt);

        // The account may be removed when the request has ended without a certificate, so UserId is no foreign key; organisations stay.
        builder.HasOne<Organisation>().WithMany().HasForeignKey(request => request.OrganisationId).OnDelete(DeleteBehavior.Restrict);
        builder.HasMany(request => request.Messages).WithOne().HasForeignKey(message => message.RequestId).OnDelete(DeleteBehavior.Cascade);
    }
}

internal sealed class RequestMessageMapping : IEntityTypeConfiguration<RequestMessage>
{
    public void Configure(EntityTypeBuilder<RequestMessage> builder)
    {
        builder.ToTable("RequestMessages");
        builder.Property(message => message.Id).ValueGeneratedNever();
        builder.Property(message => message.Text).HasMaxLength(RequestMessage.MaxLength);
    }
}
