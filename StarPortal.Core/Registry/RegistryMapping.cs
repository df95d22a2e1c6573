using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using StarPortal.Core.Data;
using StarPortal.Core.Identity;

namespace StarPortal.Core.Registry;

public static class RegistrySets
{
    extension(PortalDbContext db)
    {
        public DbSet<RegistryEntry> RegistryEntries => db.Set<RegistryEntry>();

        public DbSet<RegistryResource> RegistryResources => db.Set<RegistryResource>();

        public DbSet<ResourceOwner> ResourceOwners => db.Set<ResourceOwner>();

        public DbSet<RegistryGroup> RegistryGroups => db.Set<RegistryGroup>();

        public DbSet<GroupMember> GroupMembers => db.Set<GroupMember>();

        public DbSet<AccessGrant> AccessGrants => db.Set<AccessGrant>();

        public DbSet<AccessRequest> AccessRequests => db.Set<AccessRequest>();

        public DbSet<RegistryToken> RegistryTokens => db.Set<RegistryToken>();

        public DbSet<Reconciliation> Reconciliations => db.Set<Reconciliation>();

        public DbSet<Divergence> Divergences => db.Set<Divergence>();
    }
}

/// <summary>No foreign key to the account: the entry outlives it for a while.</summary>
internal sealed class RegistryEntryMapping : IEntityTypeConfiguration<RegistryEntry>
{
    public void Configure(EntityTypeBuilder<RegistryEntry> builder)
    {
        builder.ToTable("RegistryEntries");
        builder.HasKey(entry => entry.UserId);
        builder.Property(entry => entry.UserId).ValueGeneratedNever();
        builder.Property(entry => entry.UserName).HasMaxLength(256);
        builder.Property(entry => entry.Dn).HasMaxLength(RegistryEntry.MaxDn);
        builder.Property(entry => entry.DnHash).HasMaxLength(64);
        builder.Property(entry => entry.FullName).HasMaxLength(200);
        builder.Property(entry => entry.Email).HasMaxLength(256);
        builder.Property(entry => entry.Revision).IsConcurrencyToken();
        builder.HasIndex(entry => entry.DnHash);
        builder.HasIndex(entry => entry.UserName);
    }
}

internal sealed class RegistryResourceMapping : IEntityTypeConfiguration<RegistryResource>
{
    public void Configure(EntityTypeBuilder<RegistryResource> builder)
    {
        builder.ToTable("RegistryResources");
        builder.Property(resource => resource.Id).ValueGeneratedNever();
        builder.Property(resource => resource.Name).HasMaxLength(ResourceTerms.MaxName);
        builder.Property(resource => resource.Description).HasMaxLength(ResourceTerms.MaxDescription);
        builder.Property(resource => resource.SharedAccount).HasMaxLength(LocalAccount.MaxLength);
        builder.Property(resource => resource.Revision).IsConcurrencyToken();
        builder.HasIndex(resource => resource.Name).IsUnique();
    }
}

internal sealed class ResourceOwnerMapping : IEntityTypeConfiguration<ResourceOwner>
{
    public void Configure(EntityTypeBuilder<ResourceOwner> builder)
    {
        builder.ToTable("RegistryResourceOwners");
        builder.HasKey(owner => new { owner.ResourceId, owner.UserId });
        builder.HasOne<RegistryResource>().WithMany().HasForeignKey(owner => owner.ResourceId).OnDelete(DeleteBehavior.Cascade);
        builder.HasOne<PortalUser>().WithMany().HasForeignKey(owner => owner.UserId).OnDelete(DeleteBehavior.Cascade);
        builder.HasIndex(owner => owner.UserId);
    }
}

internal sealed class RegistryGroupMapping : IEntityTypeConfiguration<RegistryGroup>
{
    public void Configure(EntityTypeBuilder<RegistryGroup> builder)
    {
        builder.ToTable("RegistryGroups");
        builder.Property(group => group.Id).ValueGeneratedNever();
        builder.Property(group => group.Name).HasMaxLength(RegistryGroup.MaxName);
        builder.Property(group => group.Description).HasMaxLength(ResourceTerms.MaxDescription);
        builder.HasIndex(group => group.Name).IsUnique();
        builder.HasIndex(group => group.OwnerId);
    }
}

internal sealed class GroupMemberMapping : IEntityTypeConfiguration<GroupMember>
{
    public void Configure(EntityTypeBuilder<GroupMember> builder)
    {
        builder.ToTable("RegistryGroupMembers");
        builder.HasKey(member => new { member.GroupId, member.UserId });
        builder.Property(member => member.AddedBy).HasMaxLength(200);
        builder.HasOne<RegistryGroup>().WithMany().HasForeignKey(member => member.GroupId).OnDelete(DeleteBehavior.Cascade);
        builder.HasOne<PortalUser>().WithMany().HasForeignKey(member => member.UserId).OnDelete(DeleteBehavior.Cascade);
        builder.HasIndex(member => member.UserId);
    }
}

internal sealed class AccessGrantMapping : IEntityTypeConfiguration<AccessGrant>
{
    public void Configure(EntityTypeBuilder<AccessGrant> builder)
    {
        builder.ToTable("RegistryGrants");
        builder.Property(permission => permission.Id).ValueGeneratedNever();
        builder.Property(permission => permission.Holder).HasMaxLength(256);
        builder.Property(permission => permission.Account).HasMaxLength(LocalAccount.MaxLength);
        builder.Property(permission => permission.GrantedBy).HasMaxLength(200);
        builder.Property(permission => permission.EndedBy).HasMaxLength(200);
        builder.Property(permission => permission.EndedAt).IsConcurrencyToken();
        builder.HasOne<RegistryResource>().WithMany().HasForeignKey(permission => permission.ResourceId).OnDelete(DeleteBehavior.Cascade);
        builder.HasOne<PortalUser>().WithMany().HasForeignKey(permission => permission.UserId).OnDelete(DeleteBehavior.Cascade);
        builder.HasIndex(permission => new { permission.ResourceId, permission.OpenHolderId }).IsUnique();
        builder.HasIndex(permission => permission.UserId);
        builder.HasIndex(permission => permission.GroupId);
        builder.HasIndex(permission => new { permission.EndedAt, permission.Until });
    }
}

internal sealed class AccessRequestMapping : IEntityTypeConfiguration<AccessRequest>
{
    public void Configure(EntityTypeBuilder<AccessRequest> builder)
    {
        builder.ToTable("RegistryAccessRequests");
        builder.Property(request => request.Id).ValueGeneratedNever();
        builder.Property(request => request.Reason).HasMaxLength(AccessRequest.MaxReason);
        builder.Property(request => request.Answer).HasMaxLength(AccessRequest.MaxReason);
        builder.Property(request => request.DecidedBy).HasMaxLength(200);
        builder.Property(request => request.Status).IsConcurrencyToken();
        builder.HasOne<RegistryResource>().WithMany().HasForeignKey(request => request.ResourceId).OnDelete(DeleteBehavior.Cascade);
        builder.HasOne<PortalUser>().WithMany().HasForeignKey(request => request.UserId).OnDelete(DeleteBehavior.Cascade);
        builder.HasIndex(request => new { request.ResourceId, request.OpenUserId }).IsUnique();
        builder.HasIndex(request => new { request.UserId, request.AskedAt });
        builder.HasIndex(request => new { request.Status, request.AskedAt });
    }
}

internal sealed class RegistryTokenMapping : IEntityTypeConfiguration<RegistryToken>
{
    public void Configure(EntityTypeBuilder<RegistryToken> builder)
    {
        builder.ToTable("RegistryTokens");
        builder.Property(token => token.Id).ValueGeneratedNever();
        builder.Property(token => token.Label).HasMaxLength(RegistryToken.MaxLabel);
        builder.Property(token => token.Hash).HasMaxLength(64);
        builder.Property(token => token.CreatedBy).HasMaxLength(200);
        builder.Property(token => token.RevokedAt).IsConcurrencyToken();
        builder.HasOne<RegistryResource>().WithMany().HasForeignKey(token => token.ResourceId).OnDelete(DeleteBehavior.Cascade);
        builder.HasIndex(token => token.Hash).IsUnique();
    }
}

internal sealed class ReconciliationMapping : IEntityTypeConfiguration<Reconciliation>
{
    public void Configure(EntityTypeBuilder<Reconciliation> builder)
    {
        builder.ToTable("RegistryReconciliations");
        builder.Property(run => run.Id).ValueGeneratedNever();
        builder.Property(run => run.ApprovedBy).HasMaxLength(200);
        builder.Property(run => run.IsHeld).IsConcurrencyToken();
    }
}

internal sealed class DivergenceMapping : IEntityTypeConfiguration<Divergence>
{
    public void Configure(EntityTypeBuilder<Divergence> builder)
    {
        builder.ToTable("RegistryDivergences");
        builder.Property(divergence => divergence.Id).ValueGeneratedNever();
        builder.Property(divergence => divergence.Person).HasMaxLength(OutsideTelling.MaxPerson);
        builder.Property(divergence => divergence.UserName).HasMaxLength(256);
        builder.Property(divergence => divergence.Dn).HasMaxLength(RegistryEntry.MaxDn);
        builder.Property(divergence => divergence.Detail).HasMaxLength(1_000);
        builder.HasOne<Reconciliation>().WithMany().HasForeignKey(divergence => divergence.ReconciliationId).OnDelete(DeleteBehavior.Cascade);
    }
}
