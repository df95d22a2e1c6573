namespace StarPortal.Core.MyProxy;

/// <summary>What has to be done at the other side so that it is like this one.</summary>
/// <param name="Send">Names that are missing there, or have another content.</param>
/// <param name="Remove">Names that are not to be there.</param>
internal sealed record MirrorDifference(IReadOnlyList<string> Send, IReadOnlyList<string> Remove)
{
    /// <param name="here">Name → digest.</param>
    /// <param name="there">As above.</param>
    /// <param name="untouched">Names of which nothing is known here at the moment: they stay as they are.</param>
    public static MirrorDifference Between(IReadOnlyDictionary<string, string> here, IReadOnlyDictionary<string, string> there, IReadOnlySet<string> untouched) => new(
        [.. here.Where(mine => !there.TryGetValue(mine.Key, out var digest) || digest != mine.Value).Select(mine => mine.Key).Order(StringComparer.Ordinal)],
        [.. there.Keys.Where(name => !here.ContainsKey(name) && !untouched.Contains(name)).Order(StringComparer.Ordinal)]);
}
