using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using StarPortal.Core.Acme;
using StarPortal.Core.Shared;

namespace StarPortal.Tests.Acme;

[Trait("Category", "Unit")]
public sealed class ValidationServicesTests
{
    [Fact]
    public void Lists_AreReadAsLists_AndFromOneValueWithCommas()
    {
        var options = OptionsOf(("Acme:DnsServers", "127.0.0.1:8053, dns.example"), ("Acme:AllowNets:0", "10.0.0.0/8"), ("Acme:DenyNets", "10.9.0.0/16"), ("Acme:CaaIdentities", "ca.example"));
        Assert.Equal(["127.0.0.1:8053", "dns.example"], options.DnsServers);
        Assert.Equal(["10.0.0.0/8"], options.AllowNets);
        Assert.Equal(["10.9.0.0/16"], options.DenyNets);
        Assert.Equal(["ca.example"], options.CaaIdentities);
    }

    [Theory]
    [InlineData("Acme:DnsServers:0", "not a server", "Acme:DnsServers")]
    [InlineData("Acme:AllowNets", "10.0.0.0/8,nonsense", "Acme:AllowNets")]
    [InlineData("Acme:DenyNets:0", "10.0.0.0/33", "Acme:DenyNets")]
    [InlineData("Acme:Validation:Timeout", "1.00:00:00", "Timeout")]
    [InlineData("Acme:Validation:MaxBodyBytes", "1", "MaxBodyBytes")]
    [InlineData("Acme:Dns:Rounds", "0", "Rounds")]
    public void UnusableValue_IsRefused(string key, string value, string named) =>
        Assert.Contains(named, Assert.Throws<OptionsValidationException>(() => OptionsOf((key, value))).Message, StringComparison.Ordinal);

    [Fact]
    public void UnknownSetting_IsRefused() => Assert.ThrowsAny<InvalidOperationException>(() => OptionsOf(("Acme:DnsServer", "192.0.2.1")));

    [Fact]
    public void EveryChallenge_HasItsValidator() =>
        Assert.Equal(Enum.GetValues<ChallengeType>(), Services().GetServices<IChallengeValidator>().Select(validator => validator.Type).Order());

    private static AcmeOptions OptionsOf(params (string Key, string Value)[] settings) => Services(settings).GetRequiredService<IOptions<AcmeOptions>>().Value;

    private static ServiceProvider Services(params (string Key, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value))).Build();
        var services = new ServiceCollection().AddLogging();
        services.AddOptions<PortalOptions>();
        services.AddOptions<AcmeOptions>().Configure(options => AcmeConfiguration.Bind(configuration, options)).ValidateDataAnnotations();
        return services.AddAcmeValidation().BuildServiceProvider();
    }
}
