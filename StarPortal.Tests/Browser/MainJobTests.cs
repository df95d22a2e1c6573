using System.Security.Cryptography.X509Certificates;
using Microsoft.Playwright;
using StarPortal.Tests.Reliability;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Browser;

/// <summary>The product's main job in a real browser: somebody asks, an officer decides, the certificate is downloaded.</summary>
[Trait("Category", "Browser")]
public sealed class MainJobTests(BrowserFixture fixture) : IClassFixture<BrowserFixture>
{
    public static TheoryData<int, int> Windows => new() { { 1280, 800 }, { 390, 844 } };

    [Theory]
    [MemberData(nameof(Windows))]
    public async Task Certificate_IsAskedForDecidedOnAndDownloaded(int width, int height)
    {
        var userName = $"zoe-{width}";
        var person = await OpenAsync(width, height);
        var request = await MainJob.AskAsync(person, userName, beforeSending: () => RequireGoodAsync(person));
        await RequireGoodAsync(person);
        await MainJob.ConfirmAsync(person, fixture.Portal, userName);
        await RequireGoodAsync(person);

        var officer = await OpenAsync(width, height);
        await MainJob.SignInAsync(officer, fixture.Portal.PersonaOf("officer"));
        await officer.GotoAsync(await MainJob.DecisionLinkAsync(fixture.Portal, request));
        await Assertions.Expect(officer.GetByText($"{userName}@example.org").First).ToBeVisibleAsync();
        await RequireGoodAsync(officer);
        await officer.GetByRole(AriaRole.Button, new() { Name = "Approve" }).ClickAsync();
        await officer.ArriveAsync("**done=approved");
        await RequireGoodAsync(officer);

        await MainJob.MailToAsync(fixture.Portal, $"{userName}@example.org", "/account");
        await MainJob.SignInAsync(person, userName, MainJob.Passphrase);
        await person.GotoAsync("/account");
        await RequireGoodAsync(person);
        await person.GetByRole(AriaRole.Link, new() { Name = "Get it" }).First.ClickAsync();
        await person.ArriveAsync("**/account/certificates/*");
        await RequireGoodAsync(person);
        var pkcs12 = await MainJob.DownloadAsync(person, "Firefox");
        using var certificate = X509CertificateLoader.LoadPkcs12(pkcs12, MainJob.Passphrase);

        Assert.True(certificate.HasPrivateKey);
        Assert.Contains("CN=Zoe", certificate.Subject, StringComparison.Ordinal);
        await RequireAcceptedUntilRevokedAsync(person, pkcs12);
    }

    [Fact]
    public async Task Officer_DecidesByKeyboardAlone()
    {
        var person = await OpenAsync(1280, 800);
        var request = await MainJob.AskAsync(person, "keyboard-1");
        await MainJob.ConfirmAsync(person, fixture.Portal, "keyboard-1");
        var officer = await OpenAsync(1280, 800);
        await MainJob.SignInAsync(officer, fixture.Portal.PersonaOf("officer"));
        await officer.GotoAsync(await MainJob.DecisionLinkAsync(fixture.Portal, request));

        await TabToAsync(officer, "Approve");
        await officer.Keyboard.PressAsync("Enter");

        await officer.ArriveAsync("**done=approved");
    }

    /// <summary>Three independent verifiers accept the download; once its holder has revoked it, OCSP and the CRL say so.</summary>
    private async Task RequireAcceptedUntilRevokedAsync(IPage person, byte[] pkcs12)
    {
        using var folder = new TestFolder();
        var file = new DownloadedFile(folder, fixture.Portal);
        await file.UnpackAsync(pkcs12, MainJob.Passphrase);
        await file.RequireOpenSslAcceptsAsync();
        await file.RequireGnuTlsAcceptsAsync();
        await file.RequireNssAcceptsAsync();
        Assert.StartsWith("good", await file.AskOcspAsync(), StringComparison.Ordinal);

        await person.GetByRole(AriaRole.Link, new() { Name = "Revoke it" }).ClickAsync();
        await person.GetByRole(AriaRole.Radio, new() { Name = "I no longer need it" }).CheckAsync(); // by name: the page before has choices too
        await RequireGoodAsync(person);
        await person.GetByRole(AriaRole.Button, new() { Name = "Revoke for good" }).ClickAsync();
        await person.ArriveAsync("**done=revoked");
        Assert.StartsWith("revoked", await file.AskOcspAsync(), StringComparison.Ordinal);
        await fixture.Portal.WaitUntilQuietAsync(); // the CRL is made right after the revocation
        Assert.Contains("certificate revoked", (await file.VerifyWithCrlAsync()).Output, StringComparison.Ordinal);
    }

    /// <summary>Presses Tab until a button of this name has the focus, as somebody without a mouse does.</summary>
    private static async Task TabToAsync(IPage page, string button)
    {
        for (var presses = 0; presses < 80; presses++)
        {
            await page.Keyboard.PressAsync("Tab");
            if (await page.EvaluateAsync<bool>("name => document.activeElement.tagName === 'BUTTON' && document.activeElement.textContent.trim() === name", button)) return;
        }

        Assert.Fail($"Tab never reached the button '{button}' on {page.Url}.");
    }

    private Task<IPage> OpenAsync(int width, int height) => fixture.Browser.OpenAsync(fixture.Portal, new() { Width = width, Height = height });

    private static async Task RequireGoodAsync(IPage page)
    {
        await Support.Browser.RequireAccessibleAsync(page);
        await Support.Browser.RequireNoSidewaysScrollAsync(page);
    }
}
