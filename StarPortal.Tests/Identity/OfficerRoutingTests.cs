using FsCheck;
using FsCheck.Fluent;
using StarPortal.Core.Identity;
using StarPortal.Core.Shared;

namespace StarPortal.Tests.Identity;

/// <summary>No request is undeliverable: whoever holds which role, somebody who may decide hears of it.</summary>
[Trait("Category", "Unit")]
public sealed class OfficerRoutingTests
{
    private static readonly Guid[] People = [.. Enumerable.Range(1, 6).Select(number => new Guid(number, 0, 0, new byte[8]))];

    [Fact]
    public void Somebody_IsAsked_WheneverAnybodyCouldDecide() => Prop.ForAll(Trees(), tree =>
        OfficerDirectory.Choose(tree.Holders, tree.AtLeast).Count > 0 == tree.Holders.Count > 0).QuickCheckThrowOnFailure();

    [Fact]
    public void AsManyAsPolicyAsksFor_AreAsked_WheneverThereAreThatMany() => Prop.ForAll(Trees(), tree =>
        OfficerDirectory.Choose(tree.Holders, tree.AtLeast).Count
            >= Math.Min(tree.AtLeast, tree.Holders.Select(holder => holder.UserId).Distinct().Count())).QuickCheckThrowOnFailure();

    [Fact]
    public void NobodyIsAskedTwice() => Prop.ForAll(Trees(), tree =>
    {
        var asked = OfficerDirectory.Choose(tree.Holders, tree.AtLeast).Select(contact => contact.UserId).ToList();
        return asked.Distinct().Count() == asked.Count;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Administrators_AreLeftAlone_WhereOfficersAreEnough() => Prop.ForAll(Trees(), tree =>
        tree.Holders.Where(holder => holder.Role is PortalRole.Officer).Select(holder => holder.UserId).Distinct().Count() < tree.AtLeast
            || OfficerDirectory.Choose(tree.Holders, tree.AtLeast).All(contact => !contact.IsEscalation)).QuickCheckThrowOnFailure();

    private static Arbitrary<Tree> Trees() => (
        from holders in (
            from person in Gen.Elements(People)
            from role in Gen.Elements(PortalRole.Officer, PortalRole.Administrator)
            from isDeputy in Gen.Elements(true, false)
            select Hold(person, role, isDeputy)).ListOf()
        from atLeast in Gen.Choose(1, 3)
        select new Tree([.. holders], atLeast)).ToArbitrary();

    private static OfficerDirectory.Holder Hold(Guid person, PortalRole role, bool isDeputy) => new()
    {
        UserId = person, UserName = $"{person}", FullName = $"{person}", Email = $"{person}@example.org", Role = role, OrganisationId = null, IsDeputy = isDeputy,
    };

    private sealed record Tree(List<OfficerDirectory.Holder> Holders, int AtLeast);
}
