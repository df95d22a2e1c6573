using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Authority;
using StarPortal.Core.Data;
using StarPortal.Core.MyProxy;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.MyProxy.Pages;

/// <summary>A running portal, with stored credentials in its database as they would be there after some use. Their keys open nothing: pages do not open keys.</summary>
public sealed class MyProxyPagesFixture : IAsyncLifetime
{
    public PortalApplication Portal { get; private set; } = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => Portal = await PortalApplication.StartAsync();

    public ValueTask DisposeAsync() => Portal.DisposeAsync();

    /// <param name="userName">MyProxy user name.</param>
    /// <param name="holder">User name of the persona that it belongs to; null: somebody outside.</param>
    /// <param name="ends">From now.</param>
    /// <param name="lastUse">Whether it was used an hour ago.</param>
    public async Task<Guid> StoreAsync(string userName, string? holder, TimeSpan? ends = null, string credentialName = "", bool lastUse = true)
    {
        var now = TimeProvider.System.GetUtcNow();
        await using var db = Portal.NewDb();
        var userId = holder is null ? (Guid?)null : await db.Users.Where(user => user.NormalizedUserName == holder.ToUpper()).Select(user => user.Id).SingleAsync(Ct);
        var credential = StoredCredential.Create(new CredentialKey(userName, credentialName));
        var subject = $"/DC=org/DC=starportal/O=Example Lab/CN={(userName.Length > 40 ? userName[..40] : userName)}";
        var content = new CredentialContent(new StoredKey(StoredKeyForm.Pkcs8, [1]), KeyKind.Rsa, [GridCa.Certificate.RawData], subject, now.AddDays(-20), now + (ends ?? TimeSpan.FromDays(300))) { UserId = userId };
        credential.Replace(holder is null ? "/O=StarGrid/CN=Portal" : subject, holder is null ? CredentialOrigin.Client : CredentialOrigin.Portal, content, [1], CredentialTerms.None, now.AddDays(-20));
        if (lastUse) credential.NoteUse(new MyProxyClient(null, false, "192.0.2.17"), now.AddHours(-1));
        db.StoredCredentials.Add(credential);
        await db.SaveChangesAsync(Ct);
        return credential.Id;
    }

    public async Task<StoredCredential?> FindAsync(Guid id)
    {
        await using var db = Portal.NewDb();
        return await db.StoredCredentials.AsNoTracking().SingleOrDefaultAsync(credential => credential.Id == id, Ct);
    }
}
