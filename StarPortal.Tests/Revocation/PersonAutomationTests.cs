using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Acme;
using StarPortal.Core.Audit;
using StarPortal.Core.Data;
using StarPortal.Core.Delegation;
using StarPortal.Core.Revocation;
using StarPortal.Core.Shared;
using StarPortal.Core.Star;
using StarPortal.Tests.Delegation;
using StarPortal.Tests.Star;

namespace StarPortal.Tests.Revocation;

/// <summary>What goes on by itself in somebody's name, when the person is lost or removed.</summary>
[Trait("Category", "Unit")]
public sealed class PersonAutomationTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Loss_CancelsWhatRunsUnderDelegations_AndLeavesTheDelegation()
    {
        await using var scene = await RunningAsync();

        Assert.Equal(2, await scene.Portal.Get<PersonAutomation>().CancelAsync(scene.Owner.Id!.Value, "A device is lost.", Actor.System("test"), Ct)); // the registration, and its order at our own CA
        Assert.Equal(0, await scene.Portal.Get<PersonAutomation>().CancelAsync(scene.Owner.Id!.Value, "A device is lost.", Actor.System("test"), Ct));

        await using var db = scene.Portal.NewDb();
        Assert.Equal((DelegatedOrderStatus.Canceled, StarOrderStatus.Canceled), ((await db.DelegatedOrders.SingleAsync(Ct)).Status, (await db.StarOrders.SingleAsync(Ct)).Status));
        Assert.Equal(DelegationState.Active, (await db.NameDelegations.SingleAsync(Ct)).State);
        Assert.All(await db.ConsumerCredentials.ToListAsync(Ct), credential => Assert.Null(credential.RevokedAt));
    }

    [Fact]
    public async Task Loss_CancelsStarOrders_OfThePersonsAccounts()
    {
        await using var scene = await StarOrderScene.StartAsync();
        var owner = await StarAsync(scene);

        Assert.Equal(1, await scene.Portal.Get<PersonAutomation>().CancelAsync(owner, "A device is lost.", Actor.System("test"), Ct));
        Assert.Equal(0, await scene.Portal.Get<PersonAutomation>().CancelAsync(owner, "A device is lost.", Actor.System("test"), Ct));

        await using var db = scene.Portal.NewDb();
        Assert.Equal(StarOrderStatus.Canceled, (await db.StarOrders.SingleAsync(Ct)).Status);
        Assert.Equal(1, await db.AuditRecords.CountAsync(record => record.Action == AuditAction.StarOrderCanceled, Ct));
    }

    [Fact]
    public async Task Removal_EndsNamespacesKeysConsumersAndDelegations_EachAudited()
    {
        await using var scene = await RunningAsync();
        await scene.Portal.Get<NamespaceService>().AskAsync("waiting.example", NamespaceChallenge.Required, null, "", scene.Owner, Ct);

        await RemoveAsync(scene);

        await using var db = scene.Portal.NewDb();
        Assert.All(await db.AcmeNamespaces.Where(claim => claim.OwnerId == scene.Owner.Id).ToListAsync(Ct), claim => Assert.Equal(AcmeNamespaceState.Withdrawn, claim.State));
        Assert.All(await db.ExternalAccountKeys.Where(key => key.OwnerId == scene.Owner.Id).ToListAsync(Ct), key => Assert.NotNull(key.RevokedAt));
        Assert.NotNull((await db.DelegationConsumers.SingleAsync(consumer => consumer.OwnerId == scene.Owner.Id, Ct)).EndedAt);
        Assert.All(await db.ConsumerCredentials.ToListAsync(Ct), credential => Assert.NotNull(credential.RevokedAt));
        Assert.Equal((DelegationState.Ended, DelegatedOrderStatus.Canceled), ((await db.NameDelegations.SingleAsync(Ct)).State, (await db.DelegatedOrders.SingleAsync(Ct)).Status));
        Assert.Equal((2, 2, 1, 1), (
            await CountAsync(db, AuditAction.AcmeNamespaceWithdrawn), await CountAsync(db, AuditAction.ConsumerCredentialRevoked),
            await CountAsync(db, AuditAction.ConsumerEnded), await CountAsync(db, AuditAction.ExternalAccountKeyRevoked)));
        Assert.Equal(0, await db.Users.CountAsync(user => user.Id == scene.Owner.Id, Ct));
    }

    [Fact]
    public async Task Removal_LeavesWhatOthersHave()
    {
        await using var scene = await RunningAsync();
        var bob = await scene.AddOwnerAsync("bob", "example.net");
        var consumer = await scene.Portal.Get<ConsumerService>().CreateAsync("CDN Two", bob, Ct);
        await scene.Portal.Get<ConsumerService>().AddTokenAsync(consumer.Id, bob, Ct);

        await RemoveAsync(scene);

        await using var db = scene.Portal.NewDb();
        Assert.Equal(AcmeNamespaceState.Approved, (await db.AcmeNamespaces.SingleAsync(claim => claim.OwnerId == bob.Id, Ct)).State);
        Assert.Null((await db.DelegationConsumers.SingleAsync(known => known.OwnerId == bob.Id, Ct)).EndedAt);
        Assert.Null((await db.ConsumerCredentials.SingleAsync(known => known.ConsumerId == consumer.Id, Ct)).RevokedAt);
    }

    [Fact]
    public async Task Removal_GoesOn_WhereItWasInterrupted()
    {
        await using var scene = await RunningAsync();
        await scene.Portal.Get<PersonGrants>().EndAsync(scene.Owner.Id!.Value, Actor.System("test"), Ct);
        await scene.Portal.Get<PersonGrants>().EndAsync(scene.Owner.Id!.Value, Actor.System("test"), Ct);

        await RemoveAsync(scene);

        await using var db = scene.Portal.NewDb();
        Assert.Equal((1, 2, 1), (await CountAsync(db, AuditAction.AcmeNamespaceWithdrawn), await CountAsync(db, AuditAction.ConsumerCredentialRevoked), await CountAsync(db, AuditAction.ConsumerEnded)));
    }

    /// <summary>An owner with a delegation under which a certificate is issued, and two kinds of credentials of an own key besides.</summary>
    private static async Task<DelegationScene> RunningAsync()
    {
        var scene = await DelegationScene.StartAsync();
        await scene.DelegateAsync();
        await scene.RegisterAndWaitAsync();
        await scene.Portal.Get<ConsumerService>().AddAccountKeyAsync(scene.Consumer.Id, scene.Owner, Ct);
        await scene.Portal.Get<ExternalAccountKeyService>().CreateOwnAsync(new NewExternalAccountKey("cluster", scene.Owner.Id!.Value) { AllowedIdentifiers = ["*.example.org"] }, scene.Owner, Ct);
        return scene;
    }

    /// <summary>A STAR order of an account that belongs to the one person there is.</summary>
    private static async Task<Guid> StarAsync(StarOrderScene scene)
    {
        await scene.AddAdministratorAsync();
        await scene.BeginAsync(await scene.NewAccountAsync());
        await using var db = scene.Portal.NewDb();
        var owner = await db.Users.Select(user => user.Id).SingleAsync(Ct);
        (await db.AcmeAccounts.SingleAsync(Ct)).ChangeOwner(owner);
        await db.SaveChangesAsync(Ct);
        return owner;
    }

    private static async Task RemoveAsync(DelegationScene scene)
    {
        await scene.Portal.Get<RemovalService>().BeginAsync(scene.Owner.Id!.Value, "Has left", Actor.System("test"), Ct);
        scene.Portal.Clock.Advance(TimeSpan.FromDays(14));
        Assert.Equal("1 people removed", await scene.Portal.Get<RemovalJob>().RunAsync(Ct));
    }

    private static Task<int> CountAsync(PortalDbContext db, AuditAction action) => db.AuditRecords.CountAsync(record => record.Action == action, Ct);
}
