using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Audit;
using StarPortal.Core.Shared;
using StarPortal.Core.Star;
using StarPortal.Tests.Acme;

namespace StarPortal.Tests.Star;

/// <summary>What people see of STAR orders, who sees it, and who may cancel.</summary>
[Trait("Category", "Unit")]
public sealed class StarReadModelTests : IAsyncLifetime
{
    private OrderScene scene = null!;
    private Actor owner = null!;
    private Actor administrator = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private StarOrderSearch Search => scene.Portal.Get<StarOrderSearch>();

    public async ValueTask InitializeAsync()
    {
        scene = await OrderScene.StartAsync();
        (owner, administrator) = (await scene.Portal.AddPersonAsync(PortalRole.Owner, null), await scene.Portal.AddAdministratorAsync());
    }

    public ValueTask DisposeAsync() => scene.DisposeAsync();

    [Fact]
    public async Task Order_IsSeenByItsOwnerAdministratorsAndAuditors_AndDoesNotExistForOthers()
    {
        var id = await BeginAsync();
        var (stranger, auditor) = (await scene.Portal.AddPersonAsync(PortalRole.Owner, null), await scene.Portal.AddPersonAsync(PortalRole.Auditor, null));

        foreach (var reader in new[] { owner, administrator, auditor }) Assert.Equal(id, (await Search.GetAsync(id, reader, Ct)).Order.Id);
        Assert.Equal(ErrorKind.NotFound, (await Assert.ThrowsAsync<ServiceException>(() => Search.GetAsync(id, stranger, Ct))).Kind);
        Assert.Equal(ErrorKind.NotFound, (await Assert.ThrowsAsync<ServiceException>(() => Search.GetAsync(id, administrator with { HasSecondFactor = false }, Ct))).Kind);
        Assert.Equal(ErrorKind.Unauthenticated, (await Assert.ThrowsAsync<ServiceException>(() => Search.GetAsync(id, Actor.Anonymous(), Ct))).Kind);
        Assert.Empty((await Search.FindAsync(new(), stranger, Ct)).Rows);
        Assert.Empty((await Search.FindAsync(new() { IsOwn = true }, administrator, Ct)).Rows);
        Assert.Single((await Search.FindAsync(new() { IsOwn = true }, owner, Ct)).Rows);
    }

    /// <summary>Knowing it is what lets anybody fetch (RFC 8739 6.3).</summary>
    [Fact]
    public async Task CertificateUrl_AndCancellation_AreForOwnerAndAdministrators()
    {
        var id = await BeginAsync();
        var auditor = await scene.Portal.AddPersonAsync(PortalRole.Auditor, null);
        foreach (var (reader, may) in new[] { (owner, true), (administrator, true), (auditor, false) })
        {
            var details = await Search.GetAsync(id, reader, Ct);
            Assert.Equal((may, may), (details.CertificateUrl is not null, details.MayCancel));
        }
    }

    [Fact]
    public async Task Slots_AreThoseAroundNow_WithWhenEachWasIssued()
    {
        var start = scene.Now;
        var id = await BeginAsync(hours: 24 * 7);
        for (var i = 0; i < 8; i++) await StarDesk.PassAsync(scene, TimeSpan.FromHours(6));
        var details = await Search.GetAsync(id, owner, Ct);

        Assert.Equal((StarOrderState.Active, 28L), (details.State, details.SlotCount));
        Assert.Equal([4, 5, 6, 7, 8, 9, 10, 11], details.Slots.Select(slot => slot.Index)); // 8 began at 45 hours
        Assert.Equal(start.AddHours(48), details.Slots[4].IssuedAt);
        Assert.Equal((start.AddHours(45), TimeSpan.FromHours(3)), (details.Slots[4].PublishAt, details.Slots[4].Lag));
        Assert.All(details.Slots.Skip(5), slot => Assert.Equal((null, null), (slot.Serial, slot.Lag)));
        Assert.Equal(start.AddHours(51), details.Slots[5].PublishAt);
    }

    [Fact]
    public async Task List_IsNarrowedByNameStateAndAccount()
    {
        var canceled = await BeginAsync("gone.lab.example.org");
        await scene.Portal.Get<StarCancellation>().CancelAsync(canceled, null, owner, Ct);
        scene.Portal.Clock.Advance(TimeSpan.FromSeconds(1)); // One after the other, so that the newest can come first.
        await BeginAsync("short.lab.example.org", hours: 1.5, lifetime: 3_600);
        scene.Portal.Clock.Advance(TimeSpan.FromSeconds(1));
        var account = (await Search.GetAsync(canceled, owner, Ct)).Order.AccountId;
        await StarDesk.PlaceAsync(scene, await scene.AddAccountAsync(owner.Id), "open.lab.example.org");
        scene.Portal.Clock.Advance(TimeSpan.FromHours(2));
        await BeginAsync("new.lab.example.org");

        Assert.Equal(["new", "open", "short", "gone"], await FirstLabelsAsync(new()));
        Assert.Equal(["gone"], await FirstLabelsAsync(new(State: StarOrderState.Canceled)));
        Assert.Equal(["short"], await FirstLabelsAsync(new(State: StarOrderState.Ended)));
        Assert.Equal(["open"], await FirstLabelsAsync(new(State: StarOrderState.Waiting)));
        Assert.Equal(["new"], await FirstLabelsAsync(new(State: StarOrderState.Active)));
        Assert.Equal(["short"], await FirstLabelsAsync(new("SHORT.")));
        Assert.Equal(["gone"], await FirstLabelsAsync(new(AccountId: account)));
    }

    [Fact]
    public async Task Late_IsWhatIsDueForMoreThanAMinute()
    {
        var id = await BeginAsync();
        scene.Portal.Clock.Advance(TimeSpan.FromHours(3).Add(TimeSpan.FromSeconds(60)));
        Assert.Equal(StarOrderState.Active, (await Search.GetAsync(id, owner, Ct)).State);
        Assert.Equal(StarTrouble.None, await scene.Portal.Get<StarTroubles>().ReadAsync(Ct));

        scene.Portal.Clock.Advance(TimeSpan.FromSeconds(1));
        var details = await Search.GetAsync(id, owner, Ct);
        Assert.Equal((StarOrderState.Late, TimeSpan.FromSeconds(61)), (details.State, details.Overdue));
        Assert.Single((await Search.FindAsync(new(State: StarOrderState.Late), owner, Ct)).Rows);
        var trouble = await scene.Portal.Get<StarTroubles>().ReadAsync(Ct);
        Assert.Equal((1, scene.Now.AddSeconds(-61)), (trouble.Late, trouble.LateSince));
    }

    [Fact]
    public async Task WhatStandsAgainstARenewal_IsSaidInWords_AndSinceWhen()
    {
        var id = await BeginAsync("www.example.net");
        scene.World.CaaForbids.Add("www.example.net");
        await StarDesk.PassAsync(scene, TimeSpan.FromHours(3));
        var since = scene.Now;
        await StarDesk.PassAsync(scene, TimeSpan.FromMinutes(5));

        var details = await Search.GetAsync(id, owner, Ct);
        Assert.Equal((StarOrderState.Troubled, since, TimeSpan.FromMinutes(5)), (details.State, details.Order.TroubleSince, details.Overdue));
        var trouble = await scene.Portal.Get<StarTroubles>().ReadAsync(Ct);
        Assert.Equal((1, since, 0), (trouble.Standing, trouble.Since, trouble.Late));
        Assert.Contains("CAA records that name others", trouble.Reason, StringComparison.Ordinal);
        Assert.Equal(1, (await scene.Portal.Get<StarOutlook>().ReadAsync(administrator, Ct)).Troubled);
    }

    [Fact]
    public async Task Outlook_CountsEachCertificateInItsHour()
    {
        await BeginAsync("a.lab.example.org", hours: 24 * 7); // 3, 9, 15 and 21 hours from now
        await BeginAsync("b.lab.example.org", lifetime: 3_600, hours: 4); // half an hour from now, then each hour, 3 in all
        var figures = await scene.Portal.Get<StarOutlook>().ReadAsync(administrator, Ct);

        Assert.Equal((2, 0, 0, false), (figures.Active, figures.Late, figures.Ended, figures.IsEstimate));
        Assert.Equal(24, figures.LoadByHour.Count);
        Assert.Equal([.. from hour in Enumerable.Range(0, 24) select hour switch { 0 or 1 or 2 => 1L, 3 or 9 or 15 or 21 => 1L, _ => 0L }], figures.LoadByHour.Select(hour => hour.Value));
    }

    [Fact]
    public async Task Outlook_IsForAdministratorsAndAuditors() =>
        Assert.Equal(ErrorKind.Forbidden, (await Assert.ThrowsAsync<ServiceException>(() => scene.Portal.Get<StarOutlook>().ReadAsync(owner, Ct))).Kind);

    [Fact]
    public async Task Cancel_ByTheOwner_EndsIt_AndIsAudited()
    {
        var id = await BeginAsync();
        await scene.Portal.Get<StarCancellation>().CancelAsync(id, " moved to another house ", owner, Ct);
        var details = await Search.GetAsync(id, owner, Ct);
        Assert.Equal((StarOrderState.Canceled, "moved to another house", false), (details.State, details.Order.CancelReason, details.MayCancel));
        await using var db = scene.Portal.NewDb();
        var record = await db.AuditRecords.SingleAsync(record => record.Action == AuditAction.StarOrderCanceled, Ct);
        Assert.Equal(owner.Name, record.ActorName);
        Assert.Equal(ErrorKind.Conflict, (await RefusedAsync(id, "again", owner)).Kind);
    }

    [Fact]
    public async Task Cancel_IsRefused_ForStrangersAndAuditors_AndWithoutAReasonForAdministrators()
    {
        var id = await BeginAsync();
        Assert.Equal(ErrorKind.NotFound, (await RefusedAsync(id, "x", await scene.Portal.AddPersonAsync(PortalRole.Owner, null))).Kind);
        Assert.Equal(ErrorKind.Forbidden, (await RefusedAsync(id, "x", await scene.Portal.AddPersonAsync(PortalRole.Auditor, null))).Kind);
        Assert.Equal(ErrorKind.NotFound, (await RefusedAsync(id, "x", administrator with { HasSecondFactor = false })).Kind);
        Assert.Equal(ErrorKind.Unauthenticated, (await RefusedAsync(id, "x", Actor.Anonymous())).Kind);
        Assert.Equal((ErrorKind.Invalid, StarCancellation.ReasonField), (await RefusedAsync(id, " ", administrator)) is var refusal ? (refusal.Kind, refusal.Field) : default);
        Assert.Equal(StarOrderState.Active, (await Search.GetAsync(id, owner, Ct)).State);
        Assert.Equal(ErrorKind.Conflict, (await RefusedAsync((await StarDesk.PlaceAsync(scene, await scene.AddAccountAsync(owner.Id), "open.lab.example.org")).Order.Id, "x", owner)).Kind);
    }

    private Task<ServiceException> RefusedAsync(Guid id, string reason, Actor actor) =>
        Assert.ThrowsAsync<ServiceException>(() => scene.Portal.Get<StarCancellation>().CancelAsync(id, reason, actor, Ct));

    private async Task<IEnumerable<string>> FirstLabelsAsync(StarOrderQuery query) => (await Search.FindAsync(query, administrator, Ct)).Rows.Select(row => row.Names[0].Split('.')[0]);

    private async Task<Guid> BeginAsync(string name = "star.lab.example.org", long lifetime = 21_600, double hours = 24) =>
        await StarDesk.BeginAsync(scene, await scene.AddAccountAsync(owner.Id), name, lifetime, hours);
}
