using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace StarPortal.Core.Delegation;

/// <summary>The portal's account at another CA. Its key is kept before the CA hears of it, so that no account is ever lost.</summary>
public sealed class UpstreamRegistration
{
    private UpstreamRegistration()
    {
    }

    /// <summary>Of the upstream in the configuration.</summary>
    public string Name { get; private set; } = "";

    public string Directory { get; private set; } = "";

    /// <summary>PKCS#8, sealed for the purpose <c>upstream/{Name}</c>.</summary>
    public byte[] SealedKey { get; private set; } = [];

    /// <summary>As <see cref="SealedKey"/>: the key that a roll-over is under way to (RFC 8555 7.3.5); null: none is.</summary>
    public byte[]? NextSealedKey { get; private set; }

    /// <summary>Null: the CA has not been asked yet.</summary>
    public string? AccountUrl { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }

    public DateTimeOffset? KeyChangedAt { get; private set; }

    public static UpstreamRegistration Create(string name, string directory, byte[] sealedKey, DateTimeOffset now) => new() { Name = name, Directory = directory, SealedKey = sealedKey, CreatedAt = now };

    /// <summary>The CA has the account.</summary>
    public void Open(string accountUrl) => AccountUrl = accountUrl;

    /// <summary>The configuration names another directory: an account of the old one is of no use there.</summary>
    public void Move(string directory, byte[] sealedKey) => (Directory, SealedKey, NextSealedKey, AccountUrl) = (directory, sealedKey, null, null);

    public void BeginKeyChange(byte[] sealedKey) => NextSealedKey = sealedKey;

    /// <param name="isDone">Whether the CA has the new key.</param>
    public void EndKeyChange(bool isDone, DateTimeOffset now)
    {
        if (isDone && NextSealedKey is { } next) (SealedKey, KeyChangedAt) = (next, now);
        NextSealedKey = null;
    }
}

internal sealed class UpstreamRegistrationMapping : IEntityTypeConfiguration<UpstreamRegistration>
{
    public void Configure(EntityTypeBuilder<UpstreamRegistration> builder)
    {
        builder.ToTable("UpstreamRegistrations");
        builder.HasKey(registration => registration.Name);
        builder.Property(registration => registration.Name).HasMaxLength(40);
        builder.Property(registration => registration.Directory).HasMaxLength(500);
        builder.Property(registration => registration.AccountUrl).HasMaxLength(500).IsConcurrencyToken();
        builder.Property(registration => registration.SealedKey).HasMaxLength(1000).IsConcurrencyToken();
        builder.Property(registration => registration.NextSealedKey).HasMaxLength(1000).IsConcurrencyToken();
    }
}
