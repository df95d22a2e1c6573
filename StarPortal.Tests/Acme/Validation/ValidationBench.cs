using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using StarPortal.Core.Acme;
using StarPortal.Core.Shared;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Acme;

/// <summary>
/// The validators put together, with a DNS server of the test's own. The addresses of the tests' servers are permitted, others on loopback
/// are not. Bounds are small where a test waits for one.
/// </summary>
public sealed class ValidationBench : IAsyncDisposable
{
    public const string Host = "host.example.org";

    /// <summary>The address that tests' servers listen on: permitted, while the rest of loopback is not.</summary>
    public static readonly IPAddress Permitted = IPAddress.Parse("127.0.0.2");

    public TestDnsServer Dns { get; } = TestDnsServer.Start();

    public AcmeOptions Acme { get; } = new()
    {
        AllowNets = [$"{Permitted}/32"],
        Validation = new() { Timeout = TimeSpan.FromSeconds(15) },
        Dns = new() { Timeout = TimeSpan.FromSeconds(3), Rounds = 1 },
    };

    public ValidationOptions Bounds => Acme.Validation;

    public PortalOptions Portal { get; } = new() { PublicUrl = "https://ca.example" };

    public IChallengeValidator Http01 => new Http01Validator(new Http01Fetcher(Targets, Connector, Options.Create(Acme), Options.Create(Portal)), Slots, Options.Create(Acme));

    public IChallengeValidator TlsAlpn01 => new TlsAlpn01Validator(Targets, Connector, Slots, Options.Create(Acme));

    public IChallengeValidator Dns01 => new Dns01Validator(new TextChallenge(Resolver), Slots);

    public IChallengeValidator DnsAccount01 => new DnsAccount01Validator(new TextChallenge(Resolver), Slots);

    public ICaaChecker Caa => new CaaChecker(Resolver, Options.Create(Acme), Options.Create(Portal));

    private TargetResolver Targets => new(Resolver, new AddressGuard(Options.Create(Acme)), Options.Create(Acme));

    private TargetConnector Connector => new(Options.Create(Acme));

    private ValidationSlots Slots => new(Options.Create(Acme));

    private DnsResolver Resolver => new(new DnsServerList([Dns.Address], "/etc/resolv.conf"), Options.Create(Acme), NullLogger<DnsResolver>.Instance);

    public static ValidationTask Task(string value = Host, bool isWildcard = false) => new(
        IPAddress.TryParse(value, out _) ? AcmeIdentifier.Ip(value) : AcmeIdentifier.Dns(value), isWildcard, "LoqXcYV8q5ONbJQxbmR7SCTNo3tiAXDfowyjxAjEuX0",
        "LoqXcYV8q5ONbJQxbmR7SCTNo3tiAXDfowyjxAjEuX0.9jg46WB3rR_AHD-EBXdN7cBkH1WOu0tA3M9fm21mqTI", "https://ca.example/acme/account/1");

    /// <summary>The name of the tests' server resolves to it.</summary>
    public ValidationBench WithHost()
    {
        Dns.Address4(Host, Permitted.ToString());
        return this;
    }

    public ValueTask DisposeAsync() => Dns.DisposeAsync();
}
