using StarPortal.Core.Authority;

namespace StarPortal.Core.Star;

/// <summary>The certificate of one slot. Order and slot are its key: no slot has two.</summary>
public sealed class StarCertificate
{
    private StarCertificate()
    {
    }

    /// <summary>As <see cref="StarOrder.Id"/>.</summary>
    public Guid OrderId { get; private set; }

    /// <summary>As <see cref="Star.Slot.Index"/>.</summary>
    public long Slot { get; private set; }

    public SerialNumber SerialNumber { get; private set; }

    public DateTimeOffset NotBefore { get; private set; }

    public DateTimeOffset NotAfter { get; private set; }

    public DateTimeOffset IssuedAt { get; private set; }

    public byte[] Der { get; private set; } = [];

    internal static StarCertificate Of(Guid orderId, Slot slot, SerialNumber serial, byte[] der, DateTimeOffset now) => new()
    {
        OrderId = orderId, Slot = slot.Index, SerialNumber = serial, NotBefore = slot.NotBefore, NotAfter = slot.NotAfter, IssuedAt = now, Der = der,
    };
}
