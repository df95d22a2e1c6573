using Microsoft.Extensions.Options;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Approval.ExternalCa;

/// <summary>A CA outside that is half configured stops the start with a line that says what is missing.</summary>
[Trait("Category", "Unit")]
public sealed class ExternalCaOptionsTests
{
    [Theory]
    [InlineData("Authority:ExternalCa:CertificateFile", null, "Authority:ExternalCa:CertificateFile is missing")]
    [InlineData("Authority:ExternalCa:CertificateFile", "/nowhere/ca.pem", "Authority:ExternalCa:CertificateFile /nowhere/ca.pem")]
    [InlineData("Authority:ExternalCa:Contact", null, "Authority:ExternalCa:Contact is missing")]
    [InlineData("Approval:ExternalCa:Address", "nobody", "Approval:ExternalCa:Address")]
    [InlineData("Approval:ExternalCa:RaAddress", null, "Approval:ExternalCa:RaAddress")]
    [InlineData("Approval:ExternalCa:RaAddress", "a-registration-authority-with-a-long-name@example.org", "characters before the @")]
    [InlineData("Approval:ExternalCa:SuccessText", "", "SuccessText")]
    [InlineData("Mail:Maildir", null, "Mail:Maildir is missing")]
    [InlineData("Mail:Maildir", "/nowhere", "Mail:Maildir is no Maildir")]
    [InlineData("Authority:Profiles:host:External", "true", "External is for profiles of the issuer people only")]
    public async Task Start_IsRefused_WithTheOptionsName(string option, string? value, string message)
    {
        using var ca = new OutsideCa(new TestClock().Now);
        var settings = ca.Settings();
        settings[option] = value;
        if (value is null) settings.Remove(option);
        var refusal = await Assert.ThrowsAsync<OptionsValidationException>(() => TestPortal.StartAsync(settings));
        Assert.Contains(message, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_IsRefused_WhenASignatureIsDemandedOfNobody()
    {
        using var ca = new OutsideCa(new TestClock().Now);
        var settings = ca.Settings("Signature");
        settings.Remove("Approval:ExternalCa:SignerFile");
        var refusal = await Assert.ThrowsAsync<OptionsValidationException>(() => TestPortal.StartAsync(settings));
        Assert.Contains("Approval:ExternalCa:SignerFile", refusal.Message, StringComparison.Ordinal);
    }
}
