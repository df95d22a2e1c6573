using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Approval;
using StarPortal.Core.Authority;
using StarPortal.Core.Credentials;
using StarPortal.Core.Enrollment;
using StarPortal.Core.MyProxy;
using StarPortal.Core.Shared;
using StarPortal.Tests.Credentials;
using StarPortal.Tests.Identity;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Enrollment;

/// <summary>A forgotten passphrase, from the form to the new certificate.</summary>
[Trait("Category", "Unit")]
public sealed class RecoveryTests
{
    private const string Subject = "Confirm that you have forgotten your passphrase";

    private static readonly (bool, bool, bool) Everything = (true, true, true);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Recovery_SwapsCertificateKeyMyProxyAndSignIn_WhenItIsIssued()
    {
        await using var portal = await SettledPerson.StartPortalAsync();
        var ada = await SettledPerson.AddAsync(portal);
        var request = await ConfirmAsync(ada);

        await portal.Get<ApprovalService>().ApproveAsync(request.Id, [], ada.Officer, Ct);
        await portal.DrainOutboxAsync();

        var certificates = await ada.CertificatesAsync();
        var old = Assert.Single(certificates, certificate => certificate.IsRevoked);
        Assert.Equal((2, RevocationReason.Superseded, certificates.Single(certificate => !certificate.IsRevoked).Subject), (certificates.Count, old.RevocationReason, old.Subject));
        Assert.Equal(Everything, await ada.OpensAsync(SettledPerson.NewPassphrase));
        Assert.Equal((false, false, false), await ada.OpensAsync(SettledPerson.Passphrase));
        await using var db = portal.NewDb();
        Assert.Equal((1, 1), (await db.Credentials.CountAsync(key => key.UserId == ada.UserId, Ct), await db.StoredCredentials.CountAsync(stored => stored.UserId == ada.UserId, Ct)));
    }

    [Fact]
    public async Task Recovery_ChangesNothing_UntilItIsDecidedNorWhenItIsRejected()
    {
        await using var portal = await SettledPerson.StartPortalAsync();
        var ada = await SettledPerson.AddAsync(portal);
        var request = await ConfirmAsync(ada);
        Assert.Equal(Everything, await ada.OpensAsync(SettledPerson.Passphrase));

        await portal.Get<ApprovalService>().RejectAsync(request.Id, RejectionCode.IdentityNotEstablished, "Come by, please.", ada.Officer, Ct);
        await portal.DrainOutboxAsync();

        Assert.Equal(Everything, await ada.OpensAsync(SettledPerson.Passphrase));
        Assert.False(Assert.Single(await ada.CertificatesAsync()).IsRevoked);
        await using var db = portal.NewDb();
        var row = await db.EnrollmentRequests.SingleAsync(found => found.Id == request.Id, Ct);
        Assert.Equal((null, null, null), (row.NewPassphraseHash, row.EncryptedKey, row.OpenRecoveryOf));
    }

    [Fact]
    public async Task Recovery_IsWholeOrNothing_WhenIssuingCannotBeSaved()
    {
        await using var portal = await SettledPerson.StartPortalAsync();
        var ada = await SettledPerson.AddAsync(portal);
        var request = await ConfirmAsync(ada);
        await portal.Get<ApprovalService>().ApproveAsync(request.Id, [], ada.Officer, Ct);
        Assert.Equal(Everything, await ada.OpensAsync(SettledPerson.Passphrase));
        await using var database = new RefusingDatabase(portal.NewDb());
        await database.RefuseAsync("UPDATE", "StoredCredentials");

        await portal.DrainOutboxAsync();
        Assert.Equal(Everything, await ada.OpensAsync(SettledPerson.Passphrase));
        await database.RelentAsync();
        portal.Clock.Advance(TimeSpan.FromMinutes(30));
        await portal.DrainOutboxAsync();

        Assert.Equal(Everything, await ada.OpensAsync(SettledPerson.NewPassphrase));
        Assert.Equal(2, (await ada.CertificatesAsync()).Count);
    }

    [Fact]
    public async Task Officer_SeesTheMarkAndTheEvidenceOfTheFirstTime()
    {
        await using var portal = await SettledPerson.StartPortalAsync();
        var ada = await SettledPerson.AddAsync(portal);
        var request = await ConfirmAsync(ada);

        var card = await portal.Get<DecisionCardReader>().GetAsync(request.Id, ada.Officer, Ct);

        Assert.StartsWith("CERT issue request: recovery", card.Request.Purpose, StringComparison.Ordinal);
        var first = Assert.Single(card.Evidence, item => item.Label == "Vetted the first time").Text;
        Assert.Contains(ada.Officer.Name, first, StringComparison.Ordinal);
        Assert.Contains((await ada.CertificatesAsync())[0].SerialNumber.ToString()[..8], Assert.Single(card.Evidence, item => item.Label == "Ends when this is issued").Text, StringComparison.Ordinal);
        Assert.Contains(portal.Mails, mail => mail.Text.Contains("CERT issue request: recovery", StringComparison.Ordinal) && mail.To.Contains(ada.Officer.Name, StringComparison.Ordinal));
    }

    /// <summary>Whoever presses the button of a recovery that somebody else began would give them the account.</summary>
    [Fact]
    public async Task Link_IsWorthNothing_WithoutThePassphraseThatWasChosen()
    {
        await using var portal = await SettledPerson.StartPortalAsync();
        var ada = await SettledPerson.AddAsync(portal);
        await AskAsync(ada, "the passphrase of a thief indeed");

        var refusal = await AccountSupport.RefusedAsync(() => portal.Get<RecoveryConfirmation>().ConfirmAsync(TokenOf(portal), SettledPerson.NewPassphrase, SettledPerson.Visitor, Ct), ErrorKind.Invalid);

        Assert.Equal("Passphrase", refusal.Field);
        await using var db = portal.NewDb();
        Assert.Equal(0, await db.EnrollmentRequests.CountAsync(found => found.Kind == RequestKind.Recovery, Ct));
    }

    [Fact]
    public async Task Asking_LeavesNothing_ForNobodyAndForWhoeverHasNoCertificate()
    {
        await using var portal = await SettledPerson.StartPortalAsync();
        await portal.AddAccountAsync("maria");
        await portal.AddAccountAsync("unconfirmed", isConfirmed: false);

        foreach (var name in (string[])["nobody-here", "maria", "unconfirmed", new string('y', 4000)]) await AskAsync(portal, name, SettledPerson.NewPassphrase);

        Assert.DoesNotContain(portal.Mails, mail => mail.Subject == Subject);
        await using var db = portal.NewDb();
        Assert.Equal(0, await db.RecoveryAttempts.CountAsync(Ct));
    }

    [Fact]
    public async Task Asking_DoesTheSameWork_WhetherThereIsSuchAPerson()
    {
        var hasher = new CountingHasher();
        await using var portal = await TestPortal.StartAsync(new Dictionary<string, string?> { ["Authority:Profiles:person:PortalKey"] = "EcdsaP256" }, services: hasher.Replace);
        await portal.AddAccountAsync("maria");
        hasher.Reset();

        foreach (var (name, hashes) in (IEnumerable<(string, int)>)[("maria", 1), ("nobody-here", 2)])
        {
            await portal.Get<RecoveryService>().AskAsync(Form(name, SettledPerson.NewPassphrase), SettledPerson.Visitor, Ct);
            Assert.Equal((hashes, 0), (hasher.Hashed, hasher.Verified));
        }

        await using var db = portal.NewDb();
        Assert.Equal((2, 2), (await db.RecoveryAttempts.CountAsync(Ct), await db.Outbox.CountAsync(item => item.Kind == "recovery", Ct)));
    }

    [Theory]
    [InlineData(" ", SettledPerson.NewPassphrase, SettledPerson.NewPassphrase, null, "UserName")]
    [InlineData("ada", "", "", null, "Passphrase")]
    [InlineData("ada", "too short", "too short", null, "Passphrase")]
    [InlineData("ada", "password1234", "password1234", null, "Passphrase")]
    [InlineData("ada", SettledPerson.NewPassphrase, "violet harbour lantern", null, "PassphraseAgain")]
    [InlineData("ada", SettledPerson.NewPassphrase, SettledPerson.NewPassphrase, SettledPerson.NewPassphrase, "Hint")]
    public async Task Asking_SaysWhatIsWrong_BesideTheField(string userName, string passphrase, string again, string? hint, string field)
    {
        await using var portal = await SettledPerson.StartPortalAsync();
        var form = new RecoveryForm { UserName = userName, Passphrase = passphrase, PassphraseAgain = again, Hint = hint };

        var refusal = await AccountSupport.RefusedAsync(() => portal.Get<RecoveryService>().AskAsync(form, SettledPerson.Visitor, Ct), ErrorKind.Invalid);

        Assert.Equal(field, refusal.Field);
    }

    [Fact]
    public async Task Mailbox_IsNotFlooded_HoweverOftenSomebodyAsks()
    {
        await using var portal = await SettledPerson.StartPortalAsync(("Enrollment:RecoveryMailsPerDay", "2"), ("Enrollment:RecoveriesPerAddressPerHour", "100"));
        var ada = await SettledPerson.AddAsync(portal);

        for (var time = 0; time < 5; time++) await AskAsync(ada, SettledPerson.NewPassphrase);
        Assert.Equal(2, portal.Mails.Count(mail => mail.Subject == Subject));
        portal.Clock.Advance(TimeSpan.FromHours(25));
        await AskAsync(ada, SettledPerson.NewPassphrase);

        Assert.Equal(3, portal.Mails.Count(mail => mail.Subject == Subject));
        Assert.Equal(Everything, await ada.OpensAsync(SettledPerson.Passphrase));
    }

    [Fact]
    public async Task Asking_IsLimited_ForEachAddress()
    {
        await using var portal = await SettledPerson.StartPortalAsync(("Enrollment:RecoveriesPerAddressPerHour", "1"));
        await portal.Get<RecoveryService>().AskAsync(Form("one", SettledPerson.NewPassphrase), SettledPerson.Visitor, Ct);

        await AccountSupport.RefusedAsync(() => portal.Get<RecoveryService>().AskAsync(Form("two", SettledPerson.NewPassphrase), SettledPerson.Visitor, Ct), ErrorKind.TooMany);
    }

    [Fact]
    public async Task Recovery_TakesThePlaceOfTheOneBefore_SoThatOneIsOpen()
    {
        await using var portal = await SettledPerson.StartPortalAsync();
        var ada = await SettledPerson.AddAsync(portal);
        var first = await ConfirmAsync(ada);

        var second = await ConfirmAsync(ada, "copper meadow zeppelin nine");

        await using var db = portal.NewDb();
        var open = await db.EnrollmentRequests.SingleAsync(found => found.OpenRecoveryOf == ada.UserId, Ct);
        Assert.Equal((second.Id, RequestStatus.Withdrawn), (open.Id, (await db.EnrollmentRequests.SingleAsync(found => found.Id == first.Id, Ct)).Status));
    }

    [Fact]
    public async Task Link_IsUsedOnce_WhenItsButtonIsPressedManyTimesAtOnce()
    {
        await using var portal = await SettledPerson.StartPortalAsync();
        var ada = await SettledPerson.AddAsync(portal);
        await AskAsync(ada, SettledPerson.NewPassphrase);
        var token = TokenOf(portal);

        await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => TryConfirmAsync(portal, token), Ct)));

        await using var db = portal.NewDb();
        Assert.Equal(1, await db.EnrollmentRequests.CountAsync(found => found.Kind == RequestKind.Recovery, Ct));
        Assert.NotNull((await portal.Get<RecoveryConfirmation>().GetAsync(token, Ct)).Problem);
    }

    [Fact]
    public async Task Link_ExpiresAndIsForgotten()
    {
        await using var portal = await SettledPerson.StartPortalAsync();
        var ada = await SettledPerson.AddAsync(portal);
        await AskAsync(ada, SettledPerson.NewPassphrase);
        var token = TokenOf(portal);
        portal.Clock.Advance(TimeSpan.FromHours(49));
        await portal.Get<RecoveryPruneJob>().RunAsync(Ct);

        await AccountSupport.RefusedAsync(() => portal.Get<RecoveryConfirmation>().ConfirmAsync(token, SettledPerson.NewPassphrase, SettledPerson.Visitor, Ct), ErrorKind.Gone);

        await using var db = portal.NewDb();
        Assert.Equal(0, await db.RecoveryAttempts.CountAsync(Ct));
        await AccountSupport.RefusedAsync(() => portal.Get<RecoveryConfirmation>().GetAsync("x", Ct), ErrorKind.NotFound);
    }

    /// <summary>The old passphrase is forgotten: the new one is what the person can show.</summary>
    [Fact]
    public async Task Recovery_IsWithdrawn_ByTheNewPassphrase()
    {
        await using var portal = await SettledPerson.StartPortalAsync();
        var ada = await SettledPerson.AddAsync(portal);
        var request = await ConfirmAsync(ada);

        await portal.Get<RequesterActions>().WithdrawAsync(request.Id, SettledPerson.NewPassphrase, SettledPerson.Visitor, Ct);

        Assert.Equal(Everything, await ada.OpensAsync(SettledPerson.Passphrase));
    }

    private static async Task<EnrollmentRequest> ConfirmAsync(SettledPerson person, string passphrase = SettledPerson.NewPassphrase)
    {
        await AskAsync(person, passphrase);
        var request = await person.Portal.Get<RecoveryConfirmation>().ConfirmAsync(TokenOf(person.Portal), passphrase, SettledPerson.Visitor, Ct);
        await person.Portal.DrainOutboxAsync();
        return request;
    }

    private static Task AskAsync(SettledPerson person, string passphrase) => AskAsync(person.Portal, person.UserName, passphrase);

    private static async Task AskAsync(TestPortal portal, string userName, string passphrase)
    {
        await portal.Get<RecoveryService>().AskAsync(Form(userName, passphrase), SettledPerson.Visitor, Ct);
        await portal.DrainOutboxAsync();
    }

    private static RecoveryForm Form(string userName, string passphrase) => new() { UserName = userName, Passphrase = passphrase, PassphraseAgain = passphrase };

    private static string TokenOf(TestPortal portal) => portal.Mails.Last(mail => mail.Subject == Subject).LinkTo("/password/forgotten/").Segments[^1];

    private static async Task TryConfirmAsync(TestPortal portal, string token)
    {
        try
        {
            await portal.Get<RecoveryConfirmation>().ConfirmAsync(token, SettledPerson.NewPassphrase, SettledPerson.Visitor, Ct);
        }
        catch (ServiceException refusal)
        {
            Assert.Equal(ErrorKind.Gone, refusal.Kind);
        }
    }
}
