using StarPortal.Core.Acme;
using StarPortal.Core.Authority;
using StarPortal.Core.Star;
using StarPortal.Tests.Acme;

namespace StarPortal.Tests.Star;

/// <summary>STAR orders placed at the services, in a world that answers as the test says.</summary>
internal static class StarDesk
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>Finalized: by http-01 unless the name needs no challenge. Six hours each, for a day, unless the test says otherwise.</summary>
    public static async Task<Guid> BeginAsync(OrderScene scene, AcmeCaller caller, string name = "star.lab.example.org", long lifetime = 21_600, double hours = 24)
    {
        var view = await PlaceAsync(scene, caller, name, lifetime, hours);
        foreach (var authorization in view.Authorizations.Where(authorization => authorization.Status is AcmeAuthorizationStatus.Pending)) await scene.RespondAsync(caller, authorization);
        await scene.ValidateAsync();
        await scene.FinalizeAsync(caller, view);
        return view.Order.Id;
    }

    public static Task<OrderView> PlaceAsync(OrderScene scene, AcmeCaller caller, string name, long lifetime = 21_600, double hours = 24)
    {
        var asked = new AskedRenewal(null, scene.Now.AddHours(hours), lifetime, 0, AllowCertificateGet: true, IsDraft: false);
        return scene.OrderAsync(caller, OrderScene.New(name) with { Extension = new StarTerms(asked, scene.Portal.Get<IssuanceProfiles>()) });
    }

    /// <summary>The clock goes on, and what is due then is done.</summary>
    public static Task PassAsync(OrderScene scene, TimeSpan time)
    {
        scene.Portal.Clock.Advance(time);
        return scene.Portal.Get<RenewalWorker>().RenewAsync(Ct);
    }
}
