using System.Text;
using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Audit;
using StarPortal.Core.MyProxy;
using StarPortal.Core.Shared;
using StarPortal.Tests.Credentials;
using StarPortal.Tests.Identity;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.MyProxy;

/// <summary>The change command of MyProxy clients, on what the portal stored: the person's passphrase changes everywhere.</summary>
[Trait("Category", "Unit")]
public sealed class PersonPassphraseTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ClientsChange_TakesKeyAndSignInAlong()
    {
        await using var portal = await SettledPerson.StartPortalAsync();
        var ada = await SettledPerson.AddAsync(portal);

        await ChangeAsync(ada, SettledPerson.Passphrase, SettledPerson.NewPassphrase);

        Assert.Equal((true, true, true), await ada.OpensAsync(SettledPerson.NewPassphrase));
        Assert.Equal((false, false, false), await ada.OpensAsync(SettledPerson.Passphrase));
        await portal.DrainOutboxAsync();
        Assert.Contains(portal.Mails, mail => mail.Subject == "Your passphrase has been changed" && mail.Text.Contains("MyProxy client", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("short words")]
    [InlineData("password1234")]
    [InlineData(SettledPerson.Passphrase)]
    public async Task ClientsChange_ChangesNothing_WhenThePortalsPolicyRefuses(string @new)
    {
        await using var portal = await SettledPerson.StartPortalAsync();
        var ada = await SettledPerson.AddAsync(portal);

        await AccountSupport.RefusedAsync(() => ChangeAsync(ada, SettledPerson.Passphrase, @new), ErrorKind.Invalid);

        Assert.Equal((true, true, true), await ada.OpensAsync(SettledPerson.Passphrase));
    }

    [Fact]
    public async Task ClientsChange_ChangesNothing_WhenTheOldOneIsWrong()
    {
        await using var portal = await SettledPerson.StartPortalAsync();
        var ada = await SettledPerson.AddAsync(portal);

        await AccountSupport.RefusedAsync(() => ChangeAsync(ada, "not the passphrase at all", SettledPerson.NewPassphrase), ErrorKind.Unauthenticated);

        Assert.Equal((true, true, true), await ada.OpensAsync(SettledPerson.Passphrase));
    }

    [Fact]
    public async Task ClientsChange_ChangesNothing_WhenOnePartCannotBeSaved()
    {
        await using var portal = await SettledPerson.StartPortalAsync();
        var ada = await SettledPerson.AddAsync(portal);
        await using var database = new RefusingDatabase(portal.NewDb());
        await database.RefuseAsync("UPDATE", "Credentials");

        await RefusingDatabase.RequireRefusedAsync(() => ChangeAsync(ada, SettledPerson.Passphrase, SettledPerson.NewPassphrase));

        await database.RelentAsync();
        Assert.Equal((true, true, true), await ada.OpensAsync(SettledPerson.Passphrase));
    }

    [Fact]
    public async Task ClientsChange_IsRefused_WhileTheCredentialIsLocked()
    {
        await using var portal = await SettledPerson.StartPortalAsync();
        var ada = await SettledPerson.AddAsync(portal);
        await using (var db = portal.NewDb())
        {
            await portal.Get<CredentialLocks>().LockAsync(db, ada.UserId, ada.UserName, CredentialLocks.Lost, Actor.System("test"), Ct);
            await db.SaveChangesAsync(Ct);
        }

        var refusal = await AccountSupport.RefusedAsync(() => ChangeAsync(ada, SettledPerson.Passphrase, SettledPerson.NewPassphrase), ErrorKind.Conflict);

        Assert.Contains(CredentialLocks.Lost, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ClientsChange_OfTextThatIsNoUtf8_IsRefused()
    {
        await using var portal = await SettledPerson.StartPortalAsync();
        var ada = await SettledPerson.AddAsync(portal);

        await AccountSupport.RefusedAsync(() => ChangeAsync(ada, Encoding.UTF8.GetBytes(SettledPerson.Passphrase), [.. Enumerable.Repeat((byte)0xC3, 20)]), ErrorKind.Invalid);
    }

    [Fact]
    public async Task ClientsChange_HappensOnce_WhenThePortalChangesItAtTheSameTime()
    {
        await using var portal = await SettledPerson.StartPortalAsync();
        var ada = await SettledPerson.AddAsync(portal);
        const string Other = "copper meadow zeppelin nine";

        var outcomes = await Task.WhenAll(
            Task.Run(() => SucceedsAsync(() => ChangeAsync(ada, SettledPerson.Passphrase, SettledPerson.NewPassphrase)), Ct),
            Task.Run(() => SucceedsAsync(() => portal.Get<Core.Credentials.PassphraseService>().ChangeAsync(ada.Form(@new: Other), SettledPerson.Visitor, Ct)), Ct));

        Assert.Single(outcomes, true);
        Assert.Equal((true, true, true), await ada.OpensAsync(outcomes[0] ? SettledPerson.NewPassphrase : Other));
        await using var db = portal.NewDb();
        Assert.Equal(1, await db.AuditRecords.CountAsync(record => record.Action == AuditAction.PasswordChanged, Ct));
    }

    private static async Task<bool> SucceedsAsync(Func<Task> change)
    {
        try
        {
            await change();
            return true;
        }
        catch (ServiceException)
        {
            return false;
        }
    }

    private static Task ChangeAsync(SettledPerson person, string old, string @new) => ChangeAsync(person, Encoding.UTF8.GetBytes(old), Encoding.UTF8.GetBytes(@new));

    /// <summary>As the owner, by the person's own certificate.</summary>
    private static async Task ChangeAsync(SettledPerson person, byte[] old, byte[] @new)
    {
        await using var db = person.Portal.NewDb();
        var owner = await db.StoredCredentials.Where(credential => credential.UserId == person.UserId).Select(credential => credential.Owner).SingleAsync(Ct);
        using var request = new MyProxyRequest { Command = MyProxyCommand.ChangePassphrase, UserName = person.UserName, Passphrase = old, NewPassphrase = @new };
        await person.Portal.Get<CredentialDesk>().ChangePassphraseAsync(request, new MyProxyClient(owner, IsLimited: false, "198.51.100.7"), Ct);
    }
}
