using StarPortal.Core.Authority;
using StarPortal.Core.Identity;
using StarPortal.Core.Renewal;
using StarPortal.Core.Shared;
using StarPortal.Tests.Credentials;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Renewal;

/// <summary>Somebody whose certificate comes to its end, as the night, the mails and the pages see it.</summary>
internal sealed record EndingPerson(TestPortal Portal, CertifiedPerson Person)
{
    public const string Passphrase = CertifiedPerson.Passphrase;

    /// <summary>Keys that are made at once.</summary>
    public static Dictionary<string, string?> Settings => new(StringComparer.Ordinal) { ["Authority:Profiles:person:PortalKey"] = nameof(KeyAlgorithm.EcdsaP256) };

    public static Task<TestPortal> StartAsync(params (string Key, string Value)[] more)
    {
        var settings = Settings;
        foreach (var (key, value) in more) settings[key] = value;
        return TestPortal.StartAsync(settings);
    }

    public IssuedCertificate Certificate => Person.Certificate;

    public Actor Actor => Person.Actor;

    public string Email => $"{Actor.Name}@example.org";

    /// <param name="portal">Its clock is wound to so many days before the end, unless that is null.</param>
    /// <param name="daysLeft">Before the end of the certificate.</param>
    /// <param name="storesKey">False: the person has the key.</param>
    public static async Task<EndingPerson> AddAsync(TestPortal portal, double? daysLeft = 40, bool storesKey = true, KeyPair? key = null)
    {
        var person = await CertifiedPerson.AddAsync(portal, key ?? ProtectedKeys.Make(KeyAlgorithm.EcdsaP256, Passphrase), storesKey);
        if (daysLeft is { } days) portal.Clock.SetTo(person.Certificate.NotAfter - TimeSpan.FromDays(days));
        return new(portal, person);
    }

    public static async Task<string> RunNightAsync(TestPortal portal)
    {
        var result = await portal.Get<RenewalNightJob>().RunAsync(TestContext.Current.CancellationToken);
        await portal.DrainOutboxAsync();
        return result;
    }

    /// <summary>Every notice that this person was sent.</summary>
    public IReadOnlyList<SentMail> Notices => [.. Portal.Mails.Where(mail => mail.To.Contains(Email, StringComparison.Ordinal) && mail.Subject.StartsWith("Your certificate ends", StringComparison.Ordinal))];

    /// <summary>The token of the newest notice's link.</summary>
    public string Token(string page) => Notices[^1].LinkTo($"/{page}/").Segments[^1];

    /// <summary>By the link of the newest notice; runs the night if there is none.</summary>
    public async Task<RenewalEntrance> LinkAsync(string page = "renew")
    {
        if (Notices.Count == 0) await RunNightAsync(Portal);
        return RenewalEntrance.ByLink(Token(page));
    }

    public Task<RenewalOutcome> RenewAsync(RenewalEntrance entrance, RenewalForm? form = null, Actor? actor = null) => Portal.Get<RenewalService>()
        .RenewAsync(entrance, form ?? new RenewalForm { Passphrase = Passphrase }, actor ?? Core.Shared.Actor.Anonymous("127.0.0.1"), TestContext.Current.CancellationToken);

    public async Task<ServiceException> RefusalAsync(RenewalEntrance entrance, RenewalForm? form = null, Actor? actor = null) =>
        await Assert.ThrowsAsync<ServiceException>(() => RenewAsync(entrance, form, actor));

    public RenewalEntrance Account => RenewalEntrance.FromAccount(Certificate.SerialNumber);

    public Task<RenewalView> ViewAsync(RenewalEntrance entrance, Actor? actor = null) => Portal.Get<RenewalReader>()
        .GetAsync(entrance, MailLinkPurpose.RenewCertificate, actor ?? Core.Shared.Actor.Anonymous(), TestContext.Current.CancellationToken);
}
