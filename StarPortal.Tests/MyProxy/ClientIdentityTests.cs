using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;
using FsCheck;
using FsCheck.Fluent;
using StarPortal.Core.MyProxy;
using StarPortal.Core.Shared;

namespace StarPortal.Tests.MyProxy;

[Trait("Category", "Unit")]
public sealed class ClientIdentityTests
{
    private const string Bob = "/O=StarGrid/OU=People/CN=Bob Badger";

    [Fact]
    public void Client_IsAnonymous_WithoutAChain() =>
        Assert.Equal(("<anonymous>", false), (ClientIdentity.Of([], "127.0.0.1").Name, ClientIdentity.Of([], null).IsLimited));

    [Fact]
    public void Client_IsTheEndEntity_WithAndWithoutProxies()
    {
        using var bob = GridCa.Person();
        using var proxy = GridCa.ProxyOf(bob);
        using var second = GridCa.ProxyOf(proxy);
        Assert.All([bob, proxy, second], credential => Assert.Equal(new MyProxyClient(Bob, false, "::1"), ClientIdentity.Of(Peer(credential), "::1")));
    }

    [Fact]
    public void Client_IsLimited_WhenALimitedProxyIsAnywhere()
    {
        using var bob = GridCa.Person();
        using var limited = GridCa.ProxyOf(bob, ProxyCertInfo.Limited);
        using var below = GridCa.ProxyOf(limited);
        Assert.All([limited, below], credential => Assert.Equal(new MyProxyClient(Bob, true, null), ClientIdentity.Of(Peer(credential), null)));
    }

    [Fact]
    public void Client_IsItsOwnName_WhenItsProxyIsIndependent()
    {
        using var bob = GridCa.Person();
        using var limited = GridCa.ProxyOf(bob, ProxyCertInfo.Limited, commonName: "1");
        using var own = GridCa.ProxyOf(limited, ProxyCertInfo.Independent, commonName: "2");
        using var below = GridCa.ProxyOf(own, commonName: "3");
        Assert.All([own, below], credential => Assert.Equal(new MyProxyClient($"{Bob}/CN=1/CN=2", true, null), ClientIdentity.Of(Peer(credential), null)));
    }

    [Fact]
    public void Chain_IsRefused_WhenAPolicyIsNotUnderstood() => AssertRefused("policy", bob => GridCa.ProxyOf(bob, "1.2.3.4"));

    [Fact]
    public void Chain_IsRefused_WhenAProxyAllowsFewerThanThereAre() => AssertRefused("More proxies", bob => GridCa.ProxyOf(GridCa.ProxyOf(bob, pathLength: 0)));

    [Fact]
    public void Chain_IsRefused_WhenAProxyIsACa() =>
        AssertRefused("no CA", bob => GridCa.ProxyOf(bob, change: request => request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true))));

    [Fact]
    public void Chain_IsRefused_WhenAProxyHasAnotherName()
    {
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("www.example.org");
        AssertRefused("alternative", bob => GridCa.ProxyOf(bob, change: request => request.CertificateExtensions.Add(names.Build())));
    }

    [Fact]
    public void Chain_IsRefused_WhenTheIssuerMayNotSign()
    {
        using var bob = GridCa.Person(usage: X509KeyUsageFlags.KeyEncipherment);
        AssertRefused("digitalSignature", _ => GridCa.ProxyOf(bob));
    }

    [Fact]
    public void Chain_IsRefused_WhenItSkipsALink() => AssertRefused("next certificate", bob =>
    {
        var second = GridCa.ProxyOf(GridCa.ProxyOf(bob));
        return second with { Chain = [second.Chain[0], second.Chain[2]] };
    });

    [Fact]
    public void Chain_IsRefused_WhenItEndsWithAProxy() => AssertRefused("issuer", bob => GridCa.ProxyOf(bob) is var proxy ? proxy with { Chain = [proxy.Chain[0]] } : bob, withCa: false);

    [Fact]
    public void Chain_IsRefused_WhenItGoesInACircle() => AssertRefused("next certificate", bob =>
    {
        var proxy = GridCa.ProxyOf(bob);
        return proxy with { Chain = [proxy.Chain[0], proxy.Chain[0], proxy.Chain[0]] };
    });

    [Fact]
    public void Chain_IsRefusedAtOnce_WhenItHasAHundredLinks() =>
        AssertRefused("at most", bob => bob with { Chain = [.. Enumerable.Repeat(bob.Chain[0], 100)] });

    [Fact]
    public void Chain_IsRefused_WhenItsNameCouldBeReadAsAnothers()
    {
        using var mallory = GridCa.Person(OddNames.Make([("2.5.4.10", UniversalTagNumber.UTF8String, "StarGrid\\"u8.ToArray())], [("2.5.4.3", UniversalTagNumber.UTF8String, "Bob Badger"u8.ToArray())]));
        AssertRefused("another's", _ => mallory);
    }

    [Fact]
    public void Host_IsNamedWithItsSlashMarked_AsOpenSslDoes()
    {
        using var host = GridCa.Person("host/www.example.org");
        Assert.Equal(@"/O=StarGrid/OU=People/CN=host\/www.example.org", ClientIdentity.Of(Peer(host), null).Subject);
    }

    [Fact]
    public void Chain_IsRefused_WhenTheNameIsEmpty()
    {
        using var nobody = GridCa.Person(OddNames.Make());
        AssertRefused("no name", _ => nobody);
    }

    [Fact]
    public void Chain_IsReadOrRefused_WhateverOctetsAreChanged()
    {
        using var proxy = GridCa.ProxyOf(GridCa.Person());
        Prop.ForAll(Gen.Choose(0, proxy.Chain[0].Length - 1).ToArbitrary(), ArbMap.Default.ArbFor<byte>(), (position, octet) =>
        {
            var changed = proxy.Chain[0].ToArray();
            changed[position] = octet;
            try
            {
                ClientIdentity.Of([changed, .. proxy.Chain.Skip(1)], null);
            }
            catch (ServiceException error)
            {
                Assert.Equal(ErrorKind.Unauthenticated, error.Kind);
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(5000));
    }

    private static IReadOnlyList<byte[]> Peer(UnlockedCredential credential) => [.. credential.Chain, GridCa.Certificate.RawData];

    private static void AssertRefused(string reason, Func<UnlockedCredential, UnlockedCredential> change, bool withCa = true)
    {
        using var bob = GridCa.Person();
        using var changed = change(bob);
        var error = Assert.Throws<ServiceException>(() => ClientIdentity.Of(withCa ? Peer(changed) : changed.Chain, null));
        Assert.Equal(ErrorKind.Unauthenticated, error.Kind);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }
}
