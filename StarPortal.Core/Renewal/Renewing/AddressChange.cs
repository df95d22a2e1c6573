using StarPortal.Core.Shared;

namespace StarPortal.Core.Renewal;

/// <summary>Another e-mail address that somebody gave as they renewed, and that has yet to be shown to be theirs.</summary>
public sealed class AddressChange
{
    public const int MaxAddress = 254;

    private AddressChange()
    {
    }

    public Guid Id { get; private set; } = SecureTokens.NewId();

    public Guid UserId { get; private set; }

    /// <summary>The certificate that was about to be renewed.</summary>
    public Guid CertificateId { get; private set; }

    public string Address { get; private set; } = "";

    public DateTimeOffset AskedAt { get; private set; }

    public DateTimeOffset? ConfirmedAt { get; private set; }

    public static AddressChange Ask(Guid userId, Guid certificateId, string address, DateTimeOffset now) =>
        new() { UserId = userId, CertificateId = certificateId, Address = address, AskedAt = now };

    public void Confirm(DateTimeOffset now) => ConfirmedAt = now;
}
