using System.Collections.Frozen;
using System.IO.Compression;

namespace StarPortal.Core.Identity.Passphrases;

/// <summary>
/// The embedded lists of breached passwords and of common words and names, in lower case, the commonest first (origin: README.md of this room).
/// Read once, when first asked for.
/// </summary>
internal static class CommonWords
{
    private static readonly Lazy<FrozenDictionary<string, int>> LoadedPasswords = new(() => Load("common-passwords"));
    private static readonly Lazy<FrozenDictionary<string, int>> LoadedWords = new(() => Load("common-words"));

    /// <summary>Breached password → rank, from 1.</summary>
    public static FrozenDictionary<string, int> Passwords => LoadedPasswords.Value;

    /// <summary>Word or name → rank, from 1.</summary>
    public static FrozenDictionary<string, int> Words => LoadedWords.Value;

    private static FrozenDictionary<string, int> Load(string name)
    {
        using var resource = typeof(CommonWords).Assembly.GetManifestResourceStream($"StarPortal.Core.Identity.Passphrases.{name}.txt.gz")
            ?? throw new InvalidOperationException($"The list {name} is not embedded.");
        using var reader = new StreamReader(new GZipStream(resource, CompressionMode.Decompress));
        var ranks = new Dictionary<string, int>(StringComparer.Ordinal);
        while (reader.ReadLine() is { } line) ranks.TryAdd(line, ranks.Count + 1);
        return ranks.ToFrozenDictionary(StringComparer.Ordinal);
    }
}
