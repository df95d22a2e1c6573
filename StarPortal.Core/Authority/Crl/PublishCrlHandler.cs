using StarPortal.Core.Data;

namespace StarPortal.Core.Authority;

/// <summary>Makes a revocation public. Idempotent: a CRL that lists the certificate already is enough, so that a hundred revocations need not make a hundred CRLs.</summary>
internal sealed class PublishCrlHandler(CrlPublisher publisher, CrlShelf shelf) : IOutboxHandler
{
    public string Kind => PublishCrl.Kind;

    public async Task HandleAsync(OutboxItem item, CancellationToken ct)
    {
        var (issuer, serialNumber) = item.Read<PublishCrl>();
        if (await shelf.FindAsync(issuer, ct) is { } current && current.Lists(SerialNumber.Parse(serialNumber))) return;
        await publisher.PublishAsync(issuer, ct);
    }
}
