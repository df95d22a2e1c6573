using StarPortal.Core.Data;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Credentials;

/// <summary>Outbox payload of kind <c>passphrase-hint</c>: somebody typed a user name. Sealed, for people type other things into that field, too.</summary>
internal sealed record HintAsked(byte[] SealedUserName)
{
    public const string Kind = "passphrase-hint";

    public static OutboxItem For(byte[] sealedUserName, DateTimeOffset now) => OutboxItem.For(Kind, $"{SecureTokens.NewId():N}", new HintAsked(sealedUserName), now);
}
