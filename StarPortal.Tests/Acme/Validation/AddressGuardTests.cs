using System.Net;
using StarPortal.Core.Acme;

namespace StarPortal.Tests.Acme;

[Trait("Category", "Unit")]
public sealed class AddressGuardTests
{
    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("10.1.2.3")]
    [InlineData("100.64.0.1")]
    [InlineData("127.0.0.1")]
    [InlineData("127.255.255.254")]
    [InlineData("169.254.169.254")]
    [InlineData("172.16.0.1")]
    [InlineData("172.31.255.255")]
    [InlineData("192.0.0.8")]
    [InlineData("192.0.2.1")]
    [InlineData("192.168.1.1")]
    [InlineData("198.18.0.1")]
    [InlineData("198.51.100.1")]
    [InlineData("203.0.113.1")]
    [InlineData("224.0.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("::")]
    [InlineData("::1")]
    [InlineData("::7f00:1")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("::ffff:8.8.8.8")]
    [InlineData("64:ff9b::a00:1")]
    [InlineData("64:ff9b:1::1")]
    [InlineData("100::1")]
    [InlineData("2001::1")]
    [InlineData("2001:db8::1")]
    [InlineData("2002:7f00:1::")]
    [InlineData("2002:808:808::1")]
    [InlineData("3fff::1")]
    [InlineData("fc00::1")]
    [InlineData("fd12:3456::1")]
    [InlineData("fe80::1")]
    [InlineData("fec0::1")]
    [InlineData("ff02::1")]
    public void SpecialAddress_IsRefused_UnlessTheOptionPermits(string address)
    {
        Assert.NotNull(new AddressGuard(false, [], []).FindObjection(IPAddress.Parse(address)));
        Assert.Null(new AddressGuard(true, [], []).FindObjection(IPAddress.Parse(address)));
    }

    [Theory]
    [InlineData("8.8.8.8")]
    [InlineData("172.32.0.1")]
    [InlineData("100.128.0.1")]
    [InlineData("193.0.2.1")]
    [InlineData("2606:4700::1111")]
    [InlineData("2a00:1450:4001::1")]
    [InlineData("64:ff9b::808:808")]
    public void PublicAddress_IsPermitted(string address) => Assert.Null(new AddressGuard(false, [], []).FindObjection(IPAddress.Parse(address)));

    [Fact]
    public void AllowedNet_IsPermitted_AndNothingBesideIt()
    {
        var guard = new AddressGuard(false, ["10.2.0.0/16", "fd00:1::/32", "127.0.0.5"], []);
        Assert.All(["10.2.3.4", "fd00:1::9", "127.0.0.5", "::ffff:10.2.3.4"], address => Assert.Null(guard.FindObjection(IPAddress.Parse(address))));
        Assert.All(["10.3.0.1", "fd00:2::1", "127.0.0.6"], address => Assert.NotNull(guard.FindObjection(IPAddress.Parse(address))));
    }

    [Theory]
    [InlineData("10.2.3.4")]
    [InlineData("::ffff:10.2.3.4")]
    [InlineData("2002:a02:304::1")]
    [InlineData("64:ff9b::a02:304")]
    [InlineData("8.8.8.8")]
    public void DeniedNet_Wins_OverEveryPermission(string address) =>
        Assert.Contains("told not to", new AddressGuard(true, ["0.0.0.0/0", "::/0"], ["10.2.0.0/16", "8.8.8.8"]).FindObjection(IPAddress.Parse(address)), StringComparison.Ordinal);

    [Theory]
    [InlineData("10.0.0.0")]
    [InlineData("::1")]
    public void Net_MayBeOneAddress(string address) => Assert.True(AddressGuard.ParseNet(address).Contains(IPAddress.Parse(address)));
}
