using StarPortal.Core.Approval;
using StarPortal.Core.Authority;
using StarPortal.Core.Enrollment;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Approval;

/// <summary>What an officer is shown before deciding.</summary>
[Trait("Category", "Unit")]
public sealed class DecisionCardTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task SecondRequest_ShowsHistory_AndDifference()
    {
        await using var portal = await TestPortal.StartAsync();
        var lab = await portal.AddOrganisationAsync("Plasma Lab");
        var officer = await portal.AddOfficerAsync(lab);
        var first = await Queued.AddAsync(portal, lab);
        await portal.Get<ApprovalService>().ApproveAsync(first.Id, [], officer, Ct);
        await portal.DrainOutboxAsync();
        var second = await Queued.AddAgainAsync(portal, first, lab);

        var card = await portal.Get<DecisionCardReader>().GetAsync(second.Id, officer, Ct);

        Assert.Equal([(first.Id, RequestStatus.Issued)], card.Requests.Select(past => (past.Id, past.Status)));
        Assert.Equal(first.Subject, Assert.Single(card.Certificates).Subject);
        Assert.Contains(card.Evidence, known => known is { Weight: EvidenceWeight.For, Label: "Known here" });
        Assert.Equal(["Key"], card.Difference!.Fields.Where(field => field.IsChanged).Select(field => field.Field));
        Assert.Contains("Subject Public Key Info", card.CertificateText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Namesakes_AndForeignDomains_AreSaid()
    {
        await using var portal = await TestPortal.StartAsync();
        var lab = await portal.AddOrganisationAsync("Plasma Lab");
        var officer = await portal.AddOfficerAsync(lab);
        await Queued.AddAsync(portal, lab);
        var request = await Queued.AddAsync(portal, lab);

        var card = await portal.Get<DecisionCardReader>().GetAsync(request.Id, officer, Ct);

        Assert.Contains(card.Evidence, known => known is { Weight: EvidenceWeight.Against, Label: "Namesakes" });
        Assert.Contains(card.Evidence, known => known is { Weight: EvidenceWeight.For, Label: "E-mail address" });
        Assert.Null(card.Difference);
    }

    [Fact]
    public async Task WhatThePersonWasTold_IsShownToTheOfficer()
    {
        await using var portal = await TestPortal.StartAsync();
        var lab = await portal.AddOrganisationAsync("Plasma Lab");
        var (person, request) = Queued.Make(lab, "Tom Throwaway", portal.Clock.Now, details => details with
        {
            AcknowledgementReason = "It is all I have.",
            Findings = [new Finding("address-disposable", FindingSeverity.Acknowledge, "This looks like a throw-away address."), new Finding("names-left-out", FindingSeverity.Inform, "Two names are left out.")],
        });
        await using (var db = portal.NewDb())
        {
            db.Users.Add(person);
            db.Add(request);
            await db.SaveChangesAsync(Ct);
        }

        var card = await portal.Get<DecisionCardReader>().GetAsync(request.Id, await portal.AddOfficerAsync(lab), Ct);

        Assert.Contains(new Evidence(EvidenceWeight.Against, "Told when asking", "This looks like a throw-away address."), card.Evidence);
        Assert.Contains(new Evidence(EvidenceWeight.Neutral, "Told when asking", "Two names are left out."), card.Evidence);
        Assert.Contains(new Evidence(EvidenceWeight.Against, "Asks in spite of findings", "It is all I have."), card.Evidence);
    }
}
