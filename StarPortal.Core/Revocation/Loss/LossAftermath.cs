using StarPortal.Core.Data;
using StarPortal.Core.Identity;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Revocation;

/// <summary>Outbox payload of kind <c>lost-device</c>: what runs in the person's name is canceled after the report is on record.</summary>
internal sealed record LossAftermath(Guid UserId, string UserName)
{
    public const string Kind = "lost-device";

    public static OutboxItem For(PortalUser user, DateTimeOffset now) => OutboxItem.For(Kind, $"{SecureTokens.NewId():N}", new LossAftermath(user.Id, user.UserName!), now);
}

internal sealed class LossAftermathHandler(PersonAutomation automation) : IOutboxHandler
{
    public string Kind => LossAftermath.Kind;

    public Task HandleAsync(OutboxItem item, CancellationToken ct) =>
        automation.CancelAsync(item.Read<LossAftermath>().UserId, "Its owner reported a device lost.", Actor.System(Kind), ct);
}
