using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.EntityFrameworkCore;
using StarPortal.Core.MyProxy;
using StarPortal.Core.Shared;
using StarPortal.Tests.Credentials;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.MyProxy.Repository;

/// <summary>Clients and requests as the wire would give them to the services.</summary>
internal static class Clients
{
    public const string Passphrase = CertifiedPerson.Passphrase;

    /// <summary>No test waits for answers that are slow on purpose.</summary>
    public static readonly Dictionary<string, string?> Quick = new(StringComparer.Ordinal) { ["MyProxy:RefusalDelay"] = "00:00:00" };

    public static readonly MyProxyClient Anonymous = new(null, false, "192.0.2.1");

    public static Task<TestPortal> StartAsync(params (string Key, string Value)[] settings) =>
        TestPortal.StartAsync(Quick.Concat(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value))).ToDictionary(StringComparer.Ordinal));

    public static MyProxyRequest Get(string userName, string passphrase = Passphrase, string name = "") => new()
    {
        Command = MyProxyCommand.Get, UserName = userName, Passphrase = Encoding.UTF8.GetBytes(passphrase), CredentialName = name,
    };

    public static MyProxyRequest Put(string userName, string passphrase = Passphrase, string name = "") => Get(userName, passphrase, name) with { Command = MyProxyCommand.Put, Lifetime = TimeSpan.FromHours(12) };

    public static MyProxyRequest Change(string userName, string old, string next) =>
        Get(userName, old) with { Command = MyProxyCommand.ChangePassphrase, NewPassphrase = Encoding.UTF8.GetBytes(next) };

    /// <summary>Who shows this person's certificate.</summary>
    public static MyProxyClient Of(CertifiedPerson person, string address = "192.0.2.2") =>
        ClientIdentity.Of([person.Certificate.Der], address);

    /// <summary>A person whose portal credential is in the repository, as issuing puts it there.</summary>
    public static async Task<CertifiedPerson> AddStoredAsync(TestPortal portal)
    {
        var person = await CertifiedPerson.AddAsync(portal);
        await StoreAsync(portal, person);
        return person;
    }

    public static async Task StoreAsync(TestPortal portal, CertifiedPerson person)
    {
        await using var db = portal.NewDb();
        await portal.Get<PortalCredentials>().AddAsync(db, person.Actor.Name, person.Certificate, CertifiedPerson.EncryptedKey, Actor.System("test"), CancellationToken.None);
        await db.SaveChangesAsync(CancellationToken.None);
    }

    /// <summary>Logs on and lets go of the key again.</summary>
    public static async Task<Guid> LogOnAsync(TestPortal portal, MyProxyRequest request, MyProxyClient? client = null)
    {
        var decision = await portal.Get<LogonService>().DecideAsync(request, client ?? Anonymous, TestContext.Current.CancellationToken);
        using var open = Assert.IsType<LogonDecision.Open>(decision).Credential;
        return open.Id;
    }

    public static async Task<ServiceException> RefusalAsync(TestPortal portal, MyProxyRequest request, MyProxyClient? client = null) =>
        await Assert.ThrowsAsync<ServiceException>(() => LogOnAsync(portal, request, client));

    /// <summary>PUT, of a proxy whose chain is the person's own certificate: what a proxy is made of is no matter here.</summary>
    public static Task PutAsync(TestPortal portal, CertifiedPerson person, MyProxyRequest request, RSA key) =>
        portal.Get<DepositService>().StoreProxyAsync(request, Of(person), key, [person.Certificate.Der], TestContext.Current.CancellationToken);

    public static RSA OpenKey() => (RSA)StarPortal.Core.Authority.ProtectedKeys.Open(CertifiedPerson.EncryptedKey, Passphrase);

    public static async Task<StoredCredential> RowAsync(TestPortal portal, string userName, string name = "")
    {
        await using var db = portal.NewDb();
        return await db.StoredCredentials.AsNoTracking().SingleAsync(row => row.UserName == userName && row.CredentialName == name, TestContext.Current.CancellationToken);
    }

    public static string PemOf(CertifiedPerson person, string keyPem) => PemEncoding.WriteString("CERTIFICATE", person.Certificate.Der) + "\n" + keyPem;
}
