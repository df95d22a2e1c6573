using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Options;
using StarPortal.Core.Shared;

namespace StarPortal.Core.MyProxy;

/// <summary>A portal that gets our copies.</summary>
/// <param name="Url">With a slash at its end.</param>
/// <param name="Roots">Who has to have signed its certificate; null: whom the system trusts.</param>
internal sealed record MirrorSite(string Name, Uri Url, MirrorSecret Secret, X509Certificate2Collection? Roots, TimeSpan Timeout);

/// <summary>A portal whose copies we take.</summary>
internal sealed record MirrorSource(string Name, MirrorSecret Secret, int MaxCredentials);

/// <summary>The other sides as configured; secrets are read once, when they are first needed.</summary>
public sealed class MirrorSites(IOptions<MyProxyOptions> options, IOptions<PortalOptions> portal)
{
    /// <summary>Of the directory, among the sites.</summary>
    public const string DirectoryName = "directory";

    /// <summary>So few are removed whatever their share is.</summary>
    private const int Few = 10;

    private readonly Lazy<IReadOnlyList<string>> targets = new(() => [.. string.IsNullOrEmpty(options.Value.Mirror.Directory) ? [] : new[] { DirectoryName }, .. options.Value.Mirror.Sites.Keys.Order(StringComparer.Ordinal)]);
    private readonly Lazy<IReadOnlyDictionary<string, MirrorSite>> sites = new(() => options.Value.Mirror.Sites.ToDictionary(site => site.Key, site => Read(site.Key, site.Value), StringComparer.Ordinal));
    private readonly Lazy<IReadOnlyDictionary<string, MirrorSource>> sources = new(() => options.Value.Mirror.Accept.ToDictionary(source => source.Key, source => Read(source.Key, source.Value), StringComparer.Ordinal));

    /// <summary>Null: none is written.</summary>
    public string? Directory => options.Value.Mirror.Directory is { Length: > 0 } path ? path : null;

    /// <summary>What this portal calls itself.</summary>
    public string OwnName => options.Value.Mirror.Name ?? portal.Value.BaseUrl.IdnHost;

    /// <summary>The directory, if there is one, and the sites.</summary>
    public IReadOnlyList<string> Targets => targets.Value;

    public IReadOnlyList<string> Sources => [.. options.Value.Mirror.Accept.Keys.Order(StringComparer.Ordinal)];

    public Uri UrlOf(string site) => new(options.Value.Mirror.Sites[site].Url);

    internal MirrorSite Get(string name) => sites.Value[name];

    internal MirrorSource? FindSource(string name) => sources.Value.GetValueOrDefault(name);

    /// <summary>Whether a whole run may remove so many copies. A portal that has lost its own credentials takes nothing away elsewhere.</summary>
    /// <param name="held">How many the other side has.</param>
    /// <returns>A sentence, when it may not.</returns>
    internal string? LimitRemovals(int gone, int held)
    {
        var most = options.Value.Mirror.MaxRemovedPercent;
        return gone <= Few || gone * 100L <= (long)held * most ? null
            : $"{gone} of the {held} credentials there are here no more. They are left, since one run removes {most} % at most (MyProxy:Mirror:MaxRemovedPercent): is this portal's database the right one?";
    }

    /// <exception cref="InvalidOperationException">The file was read well at start, and has changed.</exception>
    internal static MirrorSecret ReadSecret(string path) => MirrorSecret.TryRead(path, out var problem) ?? throw new InvalidOperationException(problem);

    /// <exception cref="CryptographicException">No certificates.</exception>
    internal static X509Certificate2Collection ReadRoots(string path)
    {
        X509Certificate2Collection roots = [];
        roots.ImportFromPemFile(path);
        return roots.Count > 0 ? roots : throw new CryptographicException($"{path} has no certificate in PEM.");
    }

    private static MirrorSite Read(string name, MirrorSiteOptions site) =>
        new(name, new Uri(site.Url.TrimEnd('/') + "/"), ReadSecret(site.SecretFile), site.RootsFile is { } file ? ReadRoots(file) : null, site.Timeout);

    private static MirrorSource Read(string name, MirrorSourceOptions source) => new(name, ReadSecret(source.SecretFile), source.MaxCredentials);
}
