using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Authority;
using StarPortal.Core.MyProxy;
using StarPortal.Tests.MyProxy.Server;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Reliability;

/// <summary>What somebody has of a certificate in the end: a file that OpenSSL opens, and a logon at the MyProxy port.</summary>
internal static class WorkingCredential
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>The person's newest certificate is the one in the PKCS#12 file and in MyProxy, and the passphrase opens both.</summary>
    public static async Task RequireAsync(PortalApplication portal, string userName, string passphrase)
    {
        await using var db = portal.NewDb();
        var newest = await db.IssuedCertificates.AsNoTracking().Where(certificate => db.Users.Any(user => user.Id == certificate.UserId && user.UserName == userName)).OrderByDescending(certificate => certificate.IssuedAt).FirstAsync(Ct);
        Assert.Equal(newest.Id, (await db.StoredCredentials.AsNoTracking().SingleAsync(stored => stored.UserName == userName, Ct)).CertificateId);
        Assert.Equal("VERSION=MYPROXYv2\nRESPONSE=0\n", await LogOnAsync(portal, userName, passphrase));
        using var person = new PlainBrowser(portal);
        await person.SignInAsync(new Persona(userName, passphrase));
        await RequireFileAsync(person, newest.SerialNumber, passphrase);
    }

    /// <summary>Neither the account nor MyProxy knows the person any more.</summary>
    public static async Task RequireNoneAsync(PortalApplication portal, string userName, string passphrase)
    {
        Assert.Contains("RESPONSE=1", await LogOnAsync(portal, userName, passphrase), StringComparison.Ordinal);
        using var person = new PlainBrowser(portal);
        var page = await person.SendAsync("/account/sign-in", "sign-in", new Dictionary<string, string>(StringComparer.Ordinal) { ["Input.UserName"] = userName, ["Input.Passphrase"] = passphrase });
        Assert.NotNull(page.FindForm("sign-in"));
    }

    public static async Task<string> LogOnAsync(PortalApplication portal, string userName, string passphrase)
    {
        await using var client = await RawClient.OpenAsync(portal.MyProxyPort);
        await client.SendAsync("0", $"VERSION=MYPROXYv2\nCOMMAND=0\nUSERNAME={userName}\nPASSPHRASE={passphrase}\nLIFETIME=3600\n");
        return await client.ReadReplyAsync();
    }

    private static async Task RequireFileAsync(PlainBrowser person, SerialNumber serial, string passphrase)
    {
        using var folder = new TestFolder();
        var page = await person.OpenAsync($"/account/certificates/{serial}");
        await File.WriteAllBytesAsync(folder["user.p12"], await person.DownloadAsync(page, $"/account/certificates/{serial}/download", new Dictionary<string, string>(StringComparer.Ordinal) { ["use"] = "Firefox", ["passphrase"] = passphrase }), Ct);
        var printed = await Tool.MustRunAsync("sh", "-c", """openssl pkcs12 -in "$0" -passin "pass:$1" -nodes | tee "$0.pem" | openssl x509 -noout -serial && openssl pkey -in "$0.pem" -pubout && openssl x509 -in "$0.pem" -noout -pubkey""", folder["user.p12"], passphrase);
        Assert.Contains(serial.ToString().TrimStart('0'), printed, StringComparison.OrdinalIgnoreCase);
        var keys = printed.Split("-----BEGIN PUBLIC KEY-----").Skip(1).Select(key => key.Trim()).ToList();
        Assert.Equal((2, keys[0]), (keys.Count, keys[1]));
    }
}
