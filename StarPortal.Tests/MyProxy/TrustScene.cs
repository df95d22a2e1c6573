using System.Security.Cryptography;
using StarPortal.Tests.Authority;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.MyProxy;

/// <summary>A grid user's machine: somebody's certificate and key in files, and our trust roots in a directory.</summary>
internal sealed class TrustScene
{
    private readonly string folder;

    private TrustScene(IssuedFiles person) => (Person, folder) = (person, person.Folder);

    public IssuedFiles Person { get; }

    public string this[string file] => Path.Combine(folder, file);

    public static async Task<TrustScene> StartAsync(TestPortal portal)
    {
        using var key = RSA.Create(2048);
        var scene = new TrustScene(await IssuedFiles.IssueAsync(portal, Orders.Person(portal, key: key.ExportSubjectPublicKeyInfo())));
        await File.WriteAllTextAsync(scene["key.pem"], key.ExportPkcs8PrivateKeyPem(), TestContext.Current.CancellationToken);
        File.SetUnixFileMode(scene["key.pem"], UnixFileMode.UserRead);
        await scene.WriteRootsAsync(portal);
        return scene;
    }

    public async Task WriteRootsAsync(TestPortal portal)
    {
        System.IO.Directory.CreateDirectory(this["certs"]);
        foreach (var file in (await TrustRootShelfTests.ReadAsync(portal)).Files)
            await File.WriteAllBytesAsync(Path.Combine(this["certs"], file.Name), file.Content, TestContext.Current.CancellationToken);
    }

    public Task<Tool> RunAsync(string program, params string[] arguments) => Tool.RunAsync(program, new Dictionary<string, string>
    {
        ["X509_CERT_DIR"] = this["certs"], ["X509_USER_CERT"] = Person.Leaf, ["X509_USER_KEY"] = this["key.pem"], ["X509_USER_PROXY"] = this["proxy.pem"], ["HOME"] = folder,
    }, arguments);
}
