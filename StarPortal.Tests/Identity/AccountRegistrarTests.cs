using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Audit;
using StarPortal.Core.Data;
using StarPortal.Core.Identity;
using StarPortal.Core.Shared;
using StarPortal.Tests.Support;
using static StarPortal.Tests.Identity.AccountSupport;

namespace StarPortal.Tests.Identity;

[Trait("Category", "Unit")]
public sealed class AccountRegistrarTests
{
    [Fact]
    public async Task UserName_IsTaken_WhenItDiffersOnlyByCase()
    {
        await using var portal = await TestPortal.StartAsync();
        await portal.AddAccountAsync("Maria.K");

        Assert.True(await portal.Get<AccountRegistrar>().IsUserNameTakenAsync("mARIA.k", Ct));
        Assert.False(await portal.Get<AccountRegistrar>().IsUserNameTakenAsync("maria.kk", Ct));
    }

    [Theory]
    [MemberData(nameof(TestDatabase.Providers), MemberType = typeof(TestDatabase))]
    public async Task OneAccount_IsMade_WhenTwoNamesDifferByCaseAtTheSameTime(DatabaseProvider provider)
    {
        await using var portal = await TestPortal.StartAsync(provider: provider);
        var registrar = portal.Get<AccountRegistrar>();

        var outcomes = await Task.WhenAll(new[] { "racer", "RACER", "Racer", "raCer" }.Select(async name =>
        {
            await using var db = portal.NewDb();
            registrar.Add(db, Account(name), Visitor);
            try
            {
                await db.SaveChangesAsync(Ct);
                return true;
            }
            catch (DbUpdateException error) when (AccountRegistrar.IsUserNameTaken(error))
            {
                return false;
            }
        }));

        Assert.Single(outcomes, won => won);
        await using var check = portal.NewDb();
        Assert.Equal(1, await check.Users.CountAsync(Ct));
        Assert.Equal(1, await check.AuditRecords.CountAsync(record => record.Action == AuditAction.UserCreated, Ct));
        Assert.Equal(1, await check.RoleGrants.CountAsync(grant => grant.Role == PortalRole.Subscriber, Ct));
    }

    [Fact]
    public async Task Passphrase_IsNotInTheDatabase_WhenAnAccountIsMade()
    {
        await using var portal = await TestPortal.StartAsync();
        var user = await portal.AddAccountAsync("maria");

        Assert.DoesNotContain("violet", (await portal.ReloadAsync(user.Id)).PasswordHash, StringComparison.Ordinal);
        Assert.StartsWith("AQAAAAI", user.PasswordHash, StringComparison.Ordinal); // version 3: PBKDF2, HMAC-SHA512
    }

    [Theory]
    [InlineData("a/b", "Maria", "maria@example.org", "UserName")]
    [InlineData("maria", " ", "maria@example.org", "FullName")]
    [InlineData("maria", "Ma\u0007ria", "maria@example.org", "FullName")]
    [InlineData("maria", "Maria", "maria", "Email")]
    [InlineData("maria", "Maria", "Maria <maria@example.org>", "Email")]
    [InlineData("maria", "Maria", "maria@example.org\r\nBcc: x@example.org", "Email")]
    public async Task Account_IsRefusedBesideItsField_WhenAValueIsUnusable(string userName, string fullName, string email, string field)
    {
        await using var portal = await TestPortal.StartAsync();
        await using var db = portal.NewDb();
        var account = Account(userName) with { FullName = fullName, Email = email };

        var refusal = Assert.Throws<ServiceException>(() => portal.Get<AccountRegistrar>().Add(db, account, Visitor));

        Assert.Equal(field, refusal.Field);
    }
}
