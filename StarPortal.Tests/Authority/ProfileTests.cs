using Microsoft.Extensions.Options;

namespace StarPortal.Tests.Authority;

[Trait("Category", "Unit")]
public sealed class ProfileTests
{
    [Fact]
    public void Profile_TakesTheConfiguredValuesAndKeepsTheOthers_WhenASectionChangesIt()
    {
        var profiles = NameTests.ProfilesOf(
            ("Authority:BaseName", "DC=edu, DC=example"),
            ("Authority:Profiles:person:Validity", "30.00:00:00"),
            ("Authority:Profiles:person:KeyUsages", "DigitalSignature"),
            ("Authority:Profiles:person:KeyPolicy:MinRsaBits", "3072"),
            ("Authority:Profiles:robot:SubjectTemplate", "{base}, OU=Robots, CN={userName}"));
        var person = profiles.Get("person");

        Assert.Equal((30, 3072, 8192), (person.Validity.Days, person.KeyPolicy.MinRsaBits, person.KeyPolicy.MaxRsaBits));
        Assert.Equal(System.Security.Cryptography.X509Certificates.X509KeyUsageFlags.DigitalSignature, person.KeyUsages);
        Assert.Equal("DC=edu, DC=example, OU=Robots, CN=zoe", profiles.Get("robot").RenderSubject(Orders.Zoe()).ToString());
        Assert.Equal(["grid-host", "host", "officer", "person", "robot", "star"], profiles.All.Select(profile => profile.Name));
    }

    [Theory]
    [InlineData("Issuer", "root")]
    [InlineData("SubjectTemplate", "CN={nickname}")]
    [InlineData("SubjectTemplate", "nonsense")]
    [InlineData("Validity", "00:00:00")]
    [InlineData("KeyUsages", "KeyCertSign")]
    [InlineData("ExtendedKeyUsages", "everything")]
    [InlineData("NameTypes", "Dns, Phone")]
    [InlineData("PolicyOid", "1.2.x")]
    [InlineData("KeyPolicy:MinRsaBits", "512")]
    [InlineData("LintSeverities:key.rsa-to-small", "Inform")]
    public void Profile_StopsTheStart_WhenAValueCannotBeUsed(string key, string value)
    {
        var error = Assert.Throws<OptionsValidationException>(() => NameTests.ProfilesOf(($"Authority:Profiles:person:{key}", value)));
        Assert.Contains("Authority:Profiles:person", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Profile_StopsTheStart_WhenItHasAnOptionThatNothingReads() =>
        Assert.Throws<InvalidOperationException>(() => NameTests.ProfilesOf(("Authority:Profiles:person:Valdity", "30.00:00:00")));
}
