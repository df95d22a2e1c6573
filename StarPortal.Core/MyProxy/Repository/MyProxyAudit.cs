using StarPortal.Core.Audit;
using StarPortal.Core.Shared;

namespace StarPortal.Core.MyProxy;

/// <summary>Audit records of what clients did; a client is no person of the portal, but has a name.</summary>
internal static class MyProxyAudit
{
    private const int MaxActorName = 200;
    private const string ObjectType = "myproxy";

    public static AuditRecord Of(AuditAction action, MyProxyClient client, StoredCredential? credential, DateTimeOffset now, string? detail = null) =>
        Of(action, ActorOf(client), credential, now, detail);

    /// <param name="credential">Null: there is none.</param>
    /// <param name="detail">Stands behind the names of the credential.</param>
    public static AuditRecord Of(AuditAction action, Actor actor, StoredCredential? credential, DateTimeOffset now, string? detail = null) =>
        AuditRecord.Of(action, actor, ObjectType, credential?.Id.ToString() ?? "none", now, string.Join(": ", ((string?[])[credential is null ? null : Describe(credential.Key), detail]).OfType<string>()));

    public static string Describe(CredentialKey key) => key.CredentialName.Length == 0 ? key.UserName : $"{key.UserName}, {key.CredentialName}";

    internal static Actor ActorOf(MyProxyClient client) =>
        new(null, client.Name.Length > MaxActorName ? $"{client.Name[..(MaxActorName - 1)]}…" : client.Name, []) { Address = client.Address };
}
