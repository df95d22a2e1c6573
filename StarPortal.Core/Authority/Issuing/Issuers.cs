using System.Collections.Frozen;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Options;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Authority;

/// <summary>The CAs of this installation, loaded by <see cref="AuthoritySetup"/> at start.</summary>
public sealed class Issuers(AuthorityFiles files, IOptions<PortalOptions> portal)
{
    public const string Root = "root";
    public const string People = "people";
    public const string Servers = "servers";

    /// <summary>What certificates have for an issuer that a CA signed which is not ours.</summary>
    public const string External = "external";

    /// <summary>Whoever signs certificates of people.</summary>
    public static readonly string[] OfPeople = [People, External];

    /// <summary>Every CA of ours, the root first.</summary>
    public static readonly IReadOnlyList<string> Names = [Root, People, Servers];

    private FrozenDictionary<string, Issuer>? loaded;

    /// <summary>The issuing CA and the root, or the root alone.</summary>
    public IReadOnlyList<X509Certificate2> ChainOf(string issuer) =>
        issuer == Root ? [Get(Root).Certificate] : [Get(issuer).Certificate, Get(Root).Certificate];

    /// <exception cref="ServiceException">Unavailable: the authority is not set up; Invalid: no such CA.</exception>
    internal Issuer Get(string name) => Find(name) ?? throw new ServiceException(ErrorKind.NotFound, $"There is no certificate authority called '{name}'.");

    internal Issuer? Find(string name) => (loaded ?? LoadFromFiles()).GetValueOrDefault(name);

    internal IEnumerable<Issuer> All => Names.Select(Get);

    internal FrozenDictionary<string, Issuer> Load(IReadOnlyDictionary<string, X509Certificate2> certificates) =>
        loaded = certificates.ToFrozenDictionary(pair => pair.Key, pair => new Issuer(
            pair.Key, pair.Value, portal.Value.PkiBaseUrl, () => files.OpenKey(pair.Key), keepsKey: pair.Key != Root), StringComparer.Ordinal);

    /// <summary>For processes that do not go through the start, such as the verbs.</summary>
    private FrozenDictionary<string, Issuer> LoadFromFiles() =>
        Load(Names.ToDictionary(name => name, name => files.FindCertificate(name) ?? throw AuthorityErrors.NotReady(), StringComparer.Ordinal));
}
