namespace StarPortal.Core.Delegation;

/// <summary>The CAs that delegated certificates can come from, by name.</summary>
public sealed class UpstreamBook(LocalUpstream local)
{
    /// <summary>This portal's own CA.</summary>
    public const string Local = "local";

    private readonly Dictionary<string, IUpstream> byName = new(StringComparer.Ordinal) { [Local] = local };

    public IReadOnlyCollection<string> Names => byName.Keys;

    public bool Has(string name) => byName.ContainsKey(name);

    /// <returns>Null: it is configured no longer.</returns>
    public IUpstream? Find(string name) => byName.GetValueOrDefault(name);
}
