using System.Globalization;
using System.Text;
using StarPortal.Core.Shared;

namespace StarPortal.Benchmarks.MyProxy;

/// <summary>
/// A site that has MyProxy today: a CA with its trust directory, a host certificate, and the storage directory of a genuine server. The users share one key, so that
/// thousands are made at once; each has a credential of their own all the same.
/// </summary>
internal sealed class GridSite(string folder, int users)
{
    public const string Passphrase = "correct horse";

    private const string HostFields = "subjectAltName=DNS:localhost\nkeyUsage=critical,digitalSignature,keyEncipherment\nextendedKeyUsage=serverAuth,clientAuth\n";
    private const string UserFields = "basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature,keyEncipherment\nextendedKeyUsage=clientAuth\n";

    public string TrustDirectory => this["certs"];

    public string Storage => this["store"];

    public int Users => users;

    public string this[string name] => Path.Combine(folder, name);

    public static string UserName(int number) => string.Create(CultureInfo.InvariantCulture, $"load{number:00000}");

    public async Task MakeAsync(CancellationToken ct)
    {
        await OpenSslAsync(ct, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", this["ca.key"], "-out", this["ca.pem"], "-days", "30", "-subj", "/O=Bench/CN=Bench CA",
            "-addext", "basicConstraints=critical,CA:TRUE", "-addext", "keyUsage=critical,keyCertSign,cRLSign");
        await CertifyAsync("host", "/O=Bench/CN=localhost", HostFields, ct);
        await CertifyAsync("user", "/O=Bench/CN=Load", UserFields, ct);
        await OpenSslAsync(ct, "rsa", "-in", this["user.key"], "-des3", "-traditional", "-passout", $"pass:{Passphrase}", "-out", this["user.enc"]); // As PUT and CHANGE of the genuine server write it.
        await OpenSslAsync(ct, "req", "-new", "-newkey", "rsa:2048", "-nodes", "-keyout", this["proxy.key"], "-outform", "DER", "-out", this["proxy.der"], "-subj", "/CN=NULL SUBJECT NAME ENTRY",
            "-addext", "proxyCertInfo=critical,language:1.3.6.1.5.5.7.21.1");
        await OpenSslAsync(ct, "req", "-inform", "DER", "-in", this["proxy.der"], "-out", this["proxy.pem"]);
        await MakeTrustDirectoryAsync(ct);
        await MakeStorageAsync(ct);
    }

    private async Task CertifyAsync(string name, string subject, string extensions, CancellationToken ct)
    {
        await File.WriteAllTextAsync(this[$"{name}.ext"], extensions, ct);
        await OpenSslAsync(ct, "req", "-new", "-newkey", "rsa:2048", "-nodes", "-keyout", this[$"{name}.key"], "-out", this[$"{name}.csr"], "-subj", subject);
        await OpenSslAsync(ct, "x509", "-req", "-in", this[$"{name}.csr"], "-CA", this["ca.pem"], "-CAkey", this["ca.key"], "-CAcreateserial", "-days", "30", "-extfile", this[$"{name}.ext"], "-out", this[$"{name}.pem"]);
    }

    private async Task MakeTrustDirectoryAsync(CancellationToken ct)
    {
        var hash = (await OpenSslAsync(ct, "x509", "-in", this["ca.pem"], "-noout", "-subject_hash")).Trim();
        Directory.CreateDirectory(TrustDirectory);
        File.Copy(this["ca.pem"], Path.Combine(TrustDirectory, $"{hash}.0"));
        await File.WriteAllTextAsync(Path.Combine(TrustDirectory, $"{hash}.signing_policy"),
            "access_id_CA X509 '/O=Bench/CN=Bench CA'\npos_rights globus CA:sign\ncond_subjects globus '\"/O=Bench/*\"'\n", ct);
    }

    private async Task MakeStorageAsync(CancellationToken ct)
    {
        PrivateDirectory.Create(Storage);
        var credential = await File.ReadAllTextAsync(this["user.pem"], ct) + await File.ReadAllTextAsync(this["user.enc"], ct);
        for (var user = 0; user < users; user++)
        {
            Write(UserName(user) + ".creds", credential);
            Write(UserName(user) + ".data", "OWNER=/O=Bench/CN=Load\nLIFETIME=86400\nEND_OPTIONS\n");
        }
    }

    private void Write(string name, string content) => PrivateDirectory.TryMake(Path.Combine(Storage, name), Encoding.ASCII.GetBytes(content));

    private static Task<string> OpenSslAsync(CancellationToken ct, params string[] arguments) => CommandLineTool.RunAsync("openssl", arguments, null, ct);
}
