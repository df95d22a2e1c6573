using StarPortal.Tests.Support;

namespace StarPortal.Tests.MyProxy;

/// <summary>A portal as a process, a CA of another make that it trusts, and the genuine clients on a user's machine.</summary>
public sealed class GridMachine : IAsyncDisposable
{
    /// <summary>The genuine server's "Complete Sample Policy #1".</summary>
    private static readonly Dictionary<string, string> SamplePolicy = new(StringComparer.Ordinal)
    {
        ["MyProxy:AllowPassphraseless"] = "true", ["MyProxy:MaxStoredPerOwner"] = "500",
        ["MyProxy:Policies:AcceptedCredentials:0"] = "*", ["MyProxy:Policies:AuthorizedRetrievers:0"] = "*", ["MyProxy:Policies:DefaultRetrievers:0"] = "*",
        ["MyProxy:Policies:AuthorizedRenewers:0"] = "*", ["MyProxy:Policies:DefaultRenewers:0"] = "none", ["MyProxy:Policies:AuthorizedKeyRetrievers:0"] = "*",
        ["MyProxy:Policies:DefaultKeyRetrievers:0"] = "none", ["MyProxy:Policies:TrustedRetrievers:0"] = "*", ["MyProxy:Policies:DefaultTrustedRetrievers:0"] = "none",
    };

    private readonly TestFolder folder = new();

    private GridMachine()
    {
    }

    internal GridPki Pki { get; } = new(TimeProvider.System.GetUtcNow());

    public PortalApplication Portal { get; private set; } = null!;

    public string this[params string[] parts] => folder[parts];

    public static Task<GridMachine> StartAsync(params (string Key, string Value)[] settings) => StartAsync(new Dictionary<string, string>(), settings);

    /// <param name="environment">Of the portal's process.</param>
    public static async Task<GridMachine> StartAsync(IReadOnlyDictionary<string, string> environment, params (string Key, string Value)[] settings)
    {
        var machine = new GridMachine();
        var trust = System.IO.Directory.CreateDirectory(machine["trust"]).FullName;
        var all = new Dictionary<string, string>(SamplePolicy, StringComparer.Ordinal) { ["Portal:Demo"] = "false", ["MyProxy:TrustDirectory"] = trust };
        foreach (var (key, value) in settings) all[key] = value;
        await machine.TrustAsync(trust);
        machine.Portal = await PortalApplication.StartAsync(all, environment);
        machine.WriteUser(machine.Pki.User);
        await machine.RunAsync("", "myproxy-get-trustroots", "-b");
        return machine;
    }

    /// <summary>Whose certificate the clients use from now on.</summary>
    internal void WriteUser(GridCredential user)
    {
        File.WriteAllText(folder["user.pem"], user.Certificate.ExportCertificatePem());
        File.WriteAllText(folder["user.key"], user.KeyPem);
        File.SetUnixFileMode(folder["user.key"], UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.Delete(folder["proxy"]);
    }

    /// <summary>A genuine client, with the person's certificate and the trust roots that were fetched.</summary>
    /// <param name="input">Lines that end in \n, as passphrases with -S.</param>
    public Task<Tool> RunAsync(string input, params string[] command) => RunAsync(input, new Dictionary<string, string>(), command);

    public Task<Tool> RunAsync(string input, IReadOnlyDictionary<string, string> environment, params string[] command)
    {
        var all = new Dictionary<string, string>(environment, StringComparer.Ordinal)
        {
            ["INPUT"] = input, ["MYPROXY_SERVER"] = "localhost", ["MYPROXY_SERVER_PORT"] = $"{Portal.MyProxyPort}", ["HOME"] = folder.FullPath, ["LOGNAME"] = "bob", ["USER"] = "bob",
        };
        foreach (var (name, value) in Files.Where(file => !environment.ContainsKey(file.Name))) all[name] = value;
        return Tool.RunAsync("sh", all, ["-c", """printf '%s' "$INPUT" | "$@" """, "sh", .. command]);
    }

    public async Task<string> MustRunAsync(string input, params string[] command) => (await RunAsync(input, command)).Require(string.Join(' ', command));

    public async ValueTask DisposeAsync()
    {
        if (Portal is not null) await Portal.DisposeAsync();
        folder.Dispose();
    }

    private (string Name, string Value)[] Files =>
        [("X509_CERT_DIR", folder["certs"]), ("X509_USER_CERT", folder["user.pem"]), ("X509_USER_KEY", folder["user.key"]), ("X509_USER_PROXY", folder["proxy"])];

    private async Task TrustAsync(string directory)
    {
        await File.WriteAllTextAsync(folder["ca.pem"], Pki.Root.Certificate.ExportCertificatePem(), TestContext.Current.CancellationToken);
        var hash = (await Tool.MustRunAsync("openssl", "x509", "-in", folder["ca.pem"], "-noout", "-subject_hash")).Trim();
        File.Copy(folder["ca.pem"], Path.Combine(directory, $"{hash}.0"));
        await File.WriteAllTextAsync(
            Path.Combine(directory, $"{hash}.signing_policy"), """
            access_id_CA X509 '/O=StarGrid/CN=StarGrid Test CA'
            pos_rights globus CA:sign
            cond_subjects globus '"/O=StarGrid/*"'

            """, TestContext.Current.CancellationToken);
    }
}
