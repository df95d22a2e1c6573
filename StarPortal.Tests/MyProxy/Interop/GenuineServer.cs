using System.Diagnostics;
using System.Globalization;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.MyProxy.Interop;

/// <summary>Debian's <c>myproxy-server</c> on a storage directory, with a CA of its own, and its tools as clients.</summary>
internal sealed class GenuineServer : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(30);

    private readonly TestFolder folder;
    private readonly int port = FreePorts.Take(1)[0];

    private GenuineServer(TestFolder folder) => this.folder = folder;

    /// <summary>Environment of a client that has no certificate.</summary>
    public Dictionary<string, string> ClientEnvironment => new(StringComparer.Ordinal)
    {
        ["X509_CERT_DIR"] = folder["certs"], ["MYPROXY_SERVER"] = "localhost", ["MYPROXY_SERVER_PORT"] = port.ToString(CultureInfo.InvariantCulture),
        ["X509_USER_PROXY"] = folder["none"], ["HOME"] = folder.FullPath,
    };

    /// <summary>A CA <c>ca.pem</c>, and what a genuine server and its clients trust: that and others.</summary>
    /// <param name="authorities">In PEM.</param>
    public static async Task MakeSiteAsync(TestFolder folder, params string[] authorities)
    {
        System.IO.Directory.CreateDirectory(folder["certs"]);
        await RunAsync(folder, "openssl req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.pem -days 3650 -subj '/O=StarGrid/CN=StarGrid Test CA' -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign,cRLSign");
        await CertifyAsync(folder, "host", "localhost", "subjectAltName=DNS:localhost", "keyUsage=digitalSignature,keyEncipherment", "extendedKeyUsage=serverAuth,clientAuth");
        await TrustAsync(folder, await File.ReadAllTextAsync(folder["ca.pem"]));
        foreach (var authority in authorities) await TrustAsync(folder, authority);
    }

    /// <summary>A certificate of the site's CA: <c>NAME.pem</c> and <c>NAME.key</c>.</summary>
    public static async Task CertifyAsync(TestFolder folder, string name, string commonName, params string[] extensions)
    {
        await File.WriteAllLinesAsync(folder["extensions"], extensions);
        await RunAsync(folder, $"openssl req -newkey rsa:2048 -nodes -keyout {name}.key -out {name}.csr -subj '/O=StarGrid/CN={commonName}'");
        await RunAsync(folder, $"openssl x509 -req -in {name}.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 30 -sha256 -extfile extensions -out {name}.pem");
    }

    /// <param name="storage">Of mode 0700.</param>
    public static async Task<GenuineServer> StartAsync(TestFolder folder, string storage)
    {
        var server = new GenuineServer(folder);
        await File.WriteAllTextAsync(folder["server.config"], $"accepted_credentials \"*\"\nauthorized_retrievers \"*\"\ndefault_retrievers \"*\"\nauthorized_renewers \"*\"\ndefault_renewers \"none\"\ncert_dir {folder["certs"]}\n");
        var environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["X509_CERT_DIR"] = folder["certs"], ["X509_USER_CERT"] = folder["host.pem"], ["X509_USER_KEY"] = folder["host.key"] };
        using var process = Start("myproxy-server", environment, "-l", "127.0.0.1", "-p", $"{server.port}", "-c", folder["server.config"], "-s", storage, "-P", folder["server.pid"]);
        await process.WaitForExitAsync(); // It goes on by itself in the background.
        using var limit = new CancellationTokenSource(StartLimit);
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (await server.ReadIdAsync() is null) await pace.WaitForNextTickAsync(limit.Token);
        return server;
    }

    /// <summary><c>myproxy-logon</c>.</summary>
    /// <returns>The proxy's chain in PEM; throws when there is none.</returns>
    public async Task<string> LogOnAsync(string userName, string passphrase, params string[] arguments)
    {
        using var client = Start("myproxy-logon", ClientEnvironment, ["-l", userName, "-S", "-t", "2", "-o", folder["proxy.pem"], .. arguments]);
        await client.StandardInput.WriteLineAsync(passphrase);
        client.StandardInput.Close();
        var (output, error) = (client.StandardOutput.ReadToEndAsync(), client.StandardError.ReadToEndAsync());
        await client.WaitForExitAsync();
        Assert.True(client.ExitCode == 0, $"{await output}{await error}");
        return await File.ReadAllTextAsync(folder["proxy.pem"]);
    }

    public async ValueTask DisposeAsync()
    {
        if (await ReadIdAsync() is { } id) Process.GetProcessById(id).Kill();
    }

    /// <summary>A shell's line in the folder.</summary>
    public static Task RunAsync(TestFolder folder, string line) => Tool.MustRunAsync("sh", "-c", $"cd '{folder.FullPath}' && {line}");

    /// <summary>The server keeps the file locked, which .NET heeds even to read it.</summary>
    private async Task<int?> ReadIdAsync() =>
        File.Exists(folder["server.pid"]) && int.TryParse(await Tool.MustRunAsync("cat", folder["server.pid"]), NumberStyles.Integer, CultureInfo.InvariantCulture, out var id) ? id : null;

    private static async Task TrustAsync(TestFolder folder, string authority)
    {
        await File.WriteAllTextAsync(folder["authority.pem"], authority);
        var hash = (await Tool.MustRunAsync("openssl", "x509", "-in", folder["authority.pem"], "-noout", "-subject_hash")).Trim();
        File.Copy(folder["authority.pem"], folder["certs", $"{hash}.0"]);
        var name = (await Tool.MustRunAsync("openssl", "x509", "-in", folder["authority.pem"], "-noout", "-subject", "-nameopt", "compat")).Trim()["subject=".Length..];
        await File.WriteAllTextAsync(folder["certs", $"{hash}.signing_policy"], $"access_id_CA X509 '{name}'\npos_rights globus CA:sign\ncond_subjects globus '\"*\"'\n");
    }

    private static Process Start(string program, Dictionary<string, string> environment, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = program != "myproxy-server", RedirectStandardError = program != "myproxy-server" };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        return Process.Start(start) ?? throw new InvalidOperationException($"{program} does not start.");
    }
}
