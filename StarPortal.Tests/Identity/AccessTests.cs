using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Identity;
using StarPortal.Tests.Support;
using StarPortal.Web.Hosting.Access;
using static StarPortal.Tests.Identity.AccountSupport;

namespace StarPortal.Tests.Identity;

[Trait("Category", "Unit")]
public sealed class AccessTests
{
    [Theory]
    [InlineData("/ra/requests/1?x=y", "/ra/requests/1?x=y")]
    [InlineData(null, "/")]
    [InlineData("", "/")]
    [InlineData("ra", "/")]
    [InlineData("//evil.example", "/")]
    [InlineData("/\\evil.example", "/")]
    [InlineData("/\t/evil.example", "/")]
    [InlineData("https://evil.example/", "/")]
    [InlineData("javascript:alert(1)", "/")]
    public void ReturnUrl_IsOnlyEverOneOfOurs(string? url, string expected) => Assert.Equal(expected, LocalUrl.Of(url));

    [Fact]
    public async Task KeyRing_IsInTheDatabase_SealedUnderTheServerKey()
    {
        await using var portal = await TestPortal.StartAsync();
        var box = portal.Get<IDataProtectionProvider>().CreateProtector("test").Protect("secret");

        await using var db = portal.NewDb();
        var elements = await db.Set<KeyRingElement>().Select(element => element.Xml).ToListAsync(Ct);
        Assert.NotEmpty(elements);
        Assert.All(elements, xml => Assert.Contains("KeyRingOpener", xml, StringComparison.Ordinal));
        Assert.All(elements, xml => Assert.DoesNotContain("masterKey", xml, StringComparison.OrdinalIgnoreCase));
        Assert.Equal("secret", portal.Get<IDataProtectionProvider>().CreateProtector("test").Unprotect(box));
    }
}
