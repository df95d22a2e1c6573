using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Authority;
using StarPortal.Core.Data;
using StarPortal.Core.Renewal;

namespace StarPortal.Tests.Reliability.Year;

/// <summary>What people do about a certificate that ends.</summary>
internal sealed class Renewing(Site site)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async Task RenewAsync(Subscriber person)
    {
        var (now, held) = (site.Clock.Now, person.Certificate!);
        var account = RenewalEntrance.FromAccount(held.SerialNumber);
        var link = site.Post.FindToken(person.Email, "renew", FirstNotice(held)) is { } token ? RenewalEntrance.ByLink(token) : account;
        await (person.Fate.Answer switch
        {
            Answer.ByBoth => Task.WhenAll(SendAsync(person, link, person.Number), SendAsync(person, account, person.Number + 1)),
            Answer.ByLink or Answer.AfterTheEnd => SendAsync(person, link, person.Number),
            _ => SendAsync(person, account, person.Number),
        });
        await TakeNewestAsync(person);
        person.HasRenewed = true;
        person.Note(now, What.Renewed, held.Id);
    }

    public async Task DeclineAsync(Subscriber person)
    {
        var held = person.Certificate!;
        var entrance = site.Post.FindToken(person.Email, "decline", FirstNotice(held)) is { } token ? RenewalEntrance.ByLink(token) : RenewalEntrance.FromAccount(held.SerialNumber);
        await site.DoAsync(person.Number, portal => portal.Get<DeclineService>().DeclineAsync(entrance, entrance.Token is null ? person.Actor : person.Visitor, Ct),
            db => db.CertificateRenewals.AnyAsync(renewal => renewal.CertificateId == held.Id && renewal.DeclinedAt != null, Ct));
        person.IsDeclined = true;
        person.Note(site.Clock.Now, What.Declined, held.Id);
    }

    public async Task UndoAsync(Subscriber person)
    {
        var held = person.Certificate!;
        await site.DoAsync(person.Number, portal => portal.Get<DeclineService>().UndoAsync(RenewalEntrance.FromAccount(held.SerialNumber), person.Actor, Ct),
            db => db.CertificateRenewals.AnyAsync(renewal => renewal.CertificateId == held.Id && renewal.DeclinedAt == null, Ct));
        person.IsDeclined = false;
        person.Note(site.Clock.Now, What.DeclineUndone, held.Id);
    }

    public async Task MuteAsync(Subscriber person)
    {
        await site.DoAsync(person.Number, portal => portal.Get<MyRenewals>().SetMutedAsync(true, person.Actor, Ct), db => db.MutedNotices.AnyAsync(muted => muted.UserId == person.UserId, Ct));
        person.IsMuted = true;
        person.Note(site.Clock.Now, What.Muted);
    }

    /// <summary>What the account page shows as the present certificate.</summary>
    public async Task TakeNewestAsync(Subscriber person)
    {
        await using var db = site.Look();
        var newest = await db.IssuedCertificates.Where(certificate => certificate.UserId == person.UserId).OrderByDescending(certificate => certificate.NotAfter).FirstAsync(Ct);
        person.Certificate = new Held(newest.Id, newest.SerialNumber, newest.NotAfter);
    }

    private static DateTimeOffset FirstNotice(Held held) => held.NotAfter.AddDays(-45);

    private Task SendAsync(Subscriber person, RenewalEntrance entrance, int place) => site.DoAsync(place, async portal =>
    {
        var outcome = await portal.Get<RenewalService>().RenewAsync(entrance, new RenewalForm { Passphrase = person.Passphrase }, entrance.Token is null ? person.Actor : person.Visitor, Ct);
        Assert.Equal(RenewalOutcome.Renewed, outcome);
    }, db => IsRenewedAsync(db, person.Certificate!));

    private static Task<bool> IsRenewedAsync(PortalDbContext db, Held held) => db.CertificateRenewals.AnyAsync(renewal => renewal.CertificateId == held.Id && renewal.RenewedAt != null, Ct);
}
