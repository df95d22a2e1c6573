using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Audit;
using StarPortal.Core.Identity;
using StarPortal.Core.Revocation;
using StarPortal.Core.Shared;
using StarPortal.Tests.Credentials;
using StarPortal.Tests.Delegation;
using StarPortal.Tests.Identity;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Revocation;

[Trait("Category", "Unit")]
public sealed class DataExportTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>A new table has to be thought of: either people get their rows, or it is said why not.</summary>
    [Fact]
    public async Task EveryTable_IsExportedOrWithheldForAReason()
    {
        await using var portal = await TestPortal.StartAsync();
        await using var db = portal.NewDb();

        var tables = db.Model.GetEntityTypes().Where(entity => !entity.IsOwned()).Select(entity => entity.ClrType).ToHashSet();
        var exported = ExportedTables.All.Select(table => table.Entity).ToList();

        Assert.Empty(exported.Intersect(WithheldTables.Reasons.Keys));
        Assert.Equal(exported.Distinct().Count(), exported.Count);
        Assert.Equal([], tables.Except(exported).Except(WithheldTables.Reasons.Keys).Select(type => type.Name));
        Assert.Equal([], exported.Concat(WithheldTables.Reasons.Keys).Except(tables).Select(type => type.Name));
    }

    [Fact]
    public async Task File_SaysWhatIsKeptAboutThePerson_AndNoSecret()
    {
        await using var portal = await SettledPerson.StartPortalAsync();
        var ada = await SettledPerson.AddAsync(portal);
        var bob = await SettledPerson.AddAsync(portal);
        await portal.OpenSessionAsync(await portal.ReloadAsync(ada.UserId));

        var text = System.Text.Encoding.UTF8.GetString(await portal.Get<DataExport>().MakeAsync(ada.Actor, Ct));

        var file = JsonNode.Parse(text)!.AsObject();
        Assert.Equal(ada.UserName, (string?)file["account"]![0]!["userName"]);
        foreach (var table in (string[])["sessions", "requests", "certificates", "keys", "myProxyCredentials", "mails", "audit", "decisions"])
            Assert.True(file[table]!.AsArray().Count > 0, table);
        Assert.Equal((await ada.CertificatesAsync())[0].SerialNumber.ToString(), (string?)file["certificates"]![0]!["serialNumber"]);
        Assert.Contains(file["audit"]!.AsArray(), row => (string?)row!["action"] == nameof(AuditAction.CertificateIssued));
        Assert.DoesNotContain(bob.UserName, text, StringComparison.Ordinal);
        await RequireNoSecretAsync(portal, ada.UserId, text);
    }

    [Fact]
    public async Task File_SaysWhatAnOwnerHas()
    {
        await using var scene = await DelegationScene.StartAsync();
        await scene.DelegateAsync();
        await scene.RegisterAndWaitAsync();

        var text = System.Text.Encoding.UTF8.GetString(await scene.Portal.Get<DataExport>().MakeAsync(scene.Owner, Ct));

        var file = JsonNode.Parse(text)!.AsObject();
        foreach (var table in (string[])["roles", "acmeNamespaces", "consumers", "consumerCredentials", "delegations", "delegatedOrders"]) Assert.True(file[table]!.AsArray().Count == 1, table);
        Assert.DoesNotContain(SecureTokens.Hash(scene.Token), text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task File_IsLimitedInRate_Audited_AndForThePersonAlone()
    {
        await using var portal = await SettledPerson.StartPortalAsync();
        var ada = await SettledPerson.AddAsync(portal);
        for (var i = 0; i < DataExport.PerHour; i++) await portal.Get<DataExport>().MakeAsync(ada.Actor, Ct);

        await AccountSupport.RefusedAsync(() => portal.Get<DataExport>().MakeAsync(ada.Actor, Ct), ErrorKind.TooMany);
        await AccountSupport.RefusedAsync(() => portal.Get<DataExport>().MakeAsync(Actor.Anonymous(), Ct), ErrorKind.Unauthenticated);
        portal.Clock.Advance(TimeSpan.FromMinutes(61));
        await portal.Get<DataExport>().MakeAsync(ada.Actor, Ct);
        await using var db = portal.NewDb();
        Assert.Equal(DataExport.PerHour + 1, await db.AuditRecords.CountAsync(record => record.Action == AuditAction.DataExported && record.ActorId == ada.UserId, Ct));
    }

    private static async Task RequireNoSecretAsync(TestPortal portal, Guid userId, string text)
    {
        await using var db = portal.NewDb();
        var user = await db.Users.SingleAsync(candidate => candidate.Id == userId, Ct);
        string[] secrets =
        [
            user.PasswordHash!, user.SecurityStamp!, user.ConcurrencyStamp!, Convert.ToBase64String(user.SealedHint!),
            .. (await db.Set<Core.Credentials.Credential>().ToListAsync(Ct)).Select(key => Convert.ToBase64String(key.SealedKey)),
            .. (await db.Set<Core.MyProxy.StoredCredential>().ToListAsync(Ct)).Select(stored => Convert.ToBase64String(stored.SealedKey)),
            .. (await db.Set<MailLink>().ToListAsync(Ct)).Select(link => link.TokenHash),
        ];
        Assert.All(secrets, secret => Assert.DoesNotContain(secret, text, StringComparison.Ordinal));
        Assert.DoesNotContain("sealed", text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("hash\"", text, StringComparison.OrdinalIgnoreCase);
    }
}
