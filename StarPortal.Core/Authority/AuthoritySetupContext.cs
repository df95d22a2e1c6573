using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Options;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Authority;

/// <summary>What the first start is told: names, algorithms, the time, and whose turn it is.</summary>
public sealed class AuthoritySetupContext(AuthorityFiles files, IOptions<AuthorityOptions> options, IOptions<PortalOptions> portal, TimeProvider clock)
{
    /// <summary>Called after each step that lasts: where the tests let the process die.</summary>
    internal Action<string> Step { get; set; } = _ => { };

    internal DateTimeOffset Now => clock.GetUtcNow();

    internal IssuerOptions OptionsOf(string name) => name switch
    {
        Issuers.Root => options.Value.Root,
        Issuers.People => options.Value.People,
        _ => options.Value.Servers,
    };

    internal DistinguishedName SubjectOf(string name) => DistinguishedName.Of(
        [.. DistinguishedName.Parse(options.Value.BaseName).Attributes, new(NameAttributeType.FindByName("CN")!, OptionsOf(name).CommonName)]);

    internal Issuer IssuerOf(X509Certificate2 root) => new(Issuers.Root, root, portal.Value.PkiBaseUrl, () => files.OpenKey(Issuers.Root), keepsKey: false);

    /// <summary>One process at a time in a data directory; the lock goes with the process, however it ends.</summary>
    internal async Task<IAsyncDisposable> TakeTurnAsync(CancellationToken ct)
    {
        PrivateDirectory.Create(portal.Value.PathOf("keys"));
        var exclusive = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None };
        if (!OperatingSystem.IsWindows()) exclusive.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                return new FileStream(portal.Value.PathOf("keys", ".lock"), exclusive);
            }
            catch (IOException) when (attempt < 600)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, ct);
            }
        }
    }
}
