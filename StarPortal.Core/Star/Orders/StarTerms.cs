using StarPortal.Core.Acme;
using StarPortal.Core.Authority;
using StarPortal.Core.Data;

namespace StarPortal.Core.Star;

/// <summary>What was asked for, until the order is placed and says by which profile.</summary>
internal sealed record StarTerms(AskedRenewal Asked, IssuanceProfiles Profiles) : IOrderTerms
{
    public string Kind => StarOrderExtension.KindName;

    public string DefaultProfile => IssuanceProfiles.Star;

    public void AddTo(RowBatch rows, AcmeOrder order) => rows.Insert(StarOrder.Of(order, Asked.FitTo(Profiles.Get(order.Profile).Validity)));
}
