using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Approval;
using StarPortal.Core.Authority;
using StarPortal.Core.MyProxy;
using StarPortal.Core.Shared;
using StarPortal.Tests.Approval;
using StarPortal.Tests.Credentials;

namespace StarPortal.Tests.MyProxy.Repository;

/// <summary>What the portal issues is in the repository at once.</summary>
[Trait("Category", "Unit")]
public sealed class IssuedCredentialTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task IssuedCertificate_CanBeLoggedOnTo_AndIsItsSubjects()
    {
        await using var portal = await Clients.StartAsync();
        var lab = await portal.AddOrganisationAsync("Plasma Lab");
        var request = await Queued.AddWithPortalKeyAsync(portal, lab);
        await portal.Get<ApprovalService>().ApproveAsync(request.Id, [], await portal.AddOfficerAsync(lab), Ct);

        await portal.DrainOutboxAsync();

        await Clients.LogOnAsync(portal, Clients.Get(request.UserName, Queued.Passphrase));
        var row = await Clients.RowAsync(portal, request.UserName);
        Assert.Equal((CredentialOrigin.Portal, request.UserId, DistinguishedName.Decode(request.SubjectEncoded).ToOneLine()), (row.Origin, row.UserId!.Value, row.Owner));
    }

    [Fact]
    public async Task CertificateForOwnKey_IsNotInTheRepository()
    {
        await using var portal = await Clients.StartAsync();
        var lab = await portal.AddOrganisationAsync("Plasma Lab");
        var request = await Queued.AddAsync(portal, lab);
        await portal.Get<ApprovalService>().ApproveAsync(request.Id, [], await portal.AddOfficerAsync(lab), Ct);

        await portal.DrainOutboxAsync();

        await using var db = portal.NewDb();
        Assert.False(await db.StoredCredentials.AnyAsync(Ct));
    }

    [Fact]
    public async Task NextCertificate_TakesThePlaceOfTheOneBefore_AndKeepsItsTerms()
    {
        await using var portal = await Clients.StartAsync();
        var ada = await Clients.AddStoredAsync(portal);
        var before = await Clients.RowAsync(portal, ada.Actor.Name);
        await using (var db = portal.NewDb())
        {
            await db.StoredCredentials.ExecuteUpdateAsync(rows => rows.SetProperty(row => row.Retrievers, "*"), Ct);
        }

        await Clients.StoreAsync(portal, ada);

        var after = await Clients.RowAsync(portal, ada.Actor.Name);
        Assert.Equal((before.Id, "*"), (after.Id, after.Retrievers));
        Assert.NotEqual(before.SealedKey, after.SealedKey);
    }

    [Fact]
    public async Task PortalsCredential_TakesThePlaceOfASquatters()
    {
        await using var portal = await Clients.StartAsync();
        var (ada, eve) = (await CertifiedPerson.AddAsync(portal), await CertifiedPerson.AddAsync(portal));
        using var key = Clients.OpenKey();
        await Clients.PutAsync(portal, eve, Clients.Put(ada.Actor.Name, "the passphrase of eve"), key);

        await Clients.StoreAsync(portal, ada);

        await Clients.LogOnAsync(portal, Clients.Get(ada.Actor.Name));
        Assert.Equal(ErrorKind.Unauthenticated, (await Clients.RefusalAsync(portal, Clients.Get(ada.Actor.Name, "the passphrase of eve"))).Kind);
    }
}
