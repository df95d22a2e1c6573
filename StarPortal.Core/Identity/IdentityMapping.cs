using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using StarPortal.Core.Data;

namespace StarPortal.Core.Identity;

public static class IdentitySets
{
    extension(PortalDbContext db)
    {
        public DbSet<Organisation> Organisations => db.Set<Organisation>();

        public DbSet<RoleGrant> RoleGrants => db.Set<RoleGrant>();

        public DbSet<MailLink> MailLinks => db.Set<MailLink>();

        public DbSet<UserSession> UserSessions => db.Set<UserSession>();
    }
}

internal sealed class PortalUserMapping : IEntityTypeConfiguration<PortalUser>
{
    public void Configure(EntityTypeBuilder<PortalUser> builder)
    {
        builder.Property(user => user.FullName).HasMaxLength(200);
        builder.Property(user => user.CertificateSubject).HasMaxLength(500);
        builder.Property(user => user.SealedHint).HasMaxLength(SignInPassphrases.MaxSealedHint);
        builder.HasIndex(user => user.CertificateSubject).IsUnique();
        builder.HasOne<Organisation>().WithMany().HasForeignKey(user => user.OrganisationId).OnDelete(DeleteBehavior.Restrict);
    }
}

internal sealed class OrganisationMapping : IEntityTypeConfiguration<Organisation>
{
    public void Configure(EntityTypeBuilder<Organisation> builder)
    {
        builder.ToTable("Organisations");
        builder.Property(organisation => organisation.Name).HasMaxLength(64);
        builder.HasIndex(organisation => organisation.Name).IsUnique();
    }
}

internal sealed class RoleGrantMapping : IEntityTypeConfiguration<RoleGrant>
{
    public void Configure(EntityTypeBuilder<RoleGrant> builder)
    {
        builder.ToTable("RoleGrants");
        builder.Property(grant => grant.GrantedBy).HasMaxLength(200);
        builder.HasIndex(grant => grant.UserId);
        builder.HasIndex(grant => new { grant.Role, grant.OrganisationId });
        builder.HasOne<PortalUser>().WithMany().HasForeignKey(grant => grant.UserId).OnDelete(DeleteBehavior.Cascade);
        builder.HasOne<Organisation>().WithMany().HasForeignKey(grant => grant.OrganisationId).OnDelete(DeleteBehavior.Restrict);
    }
}

internal sealed class MailLinkMapping : IEntityTypeConfiguration<MailLink>
{
    public void Configure(EntityTypeBuilder<MailLink> builder)
    {
        builder.ToTable("MailLinks");
        builder.Property(link => link.TokenHash).HasMaxLength(64);
        builder.Property(link => link.UsedAt).IsConcurrencyToken();
        builder.HasIndex(link => link.TokenHash).IsUnique();
        builder.HasIndex(link => new { link.Purpose, link.ObjectId });
    }
}

internal sealed class UserSessionMapping : IEntityTypeConfiguration<UserSession>
{
    public void Configure(EntityTypeBuilder<UserSession> builder)
    {
        builder.ToTable("UserSessions");
        builder.Property(session => session.Id).ValueGeneratedNever();
        builder.Property(session => session.Device).HasMaxLength(UserSession.MaxDevice);
        builder.Property(session => session.Address).HasMaxLength(UserSession.MaxAddress);
        builder.Property(session => session.StampHash).HasMaxLength(64);
        builder.HasIndex(session => session.UserId);
        builder.HasIndex(session => session.SeenAt);
        builder.HasOne<PortalUser>().WithMany().HasForeignKey(session => session.UserId).OnDelete(DeleteBehavior.Cascade);
    }
}
