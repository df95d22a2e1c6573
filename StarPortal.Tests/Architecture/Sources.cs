using StarPortal.Tests.Support;

namespace StarPortal.Tests.Architecture;

/// <summary>A source file: its path in the repository and its lines.</summary>
internal sealed record SourceFile(string Path, string[] Lines)
{
    public string Text { get; } = string.Join('\n', Lines);
}

/// <summary>The repository's sources, without what builds make.</summary>
internal static class Sources
{
    private static readonly string[] Made = ["bin", "obj", "Migrations"];

    public static IEnumerable<SourceFile> Under(string folder, string pattern) =>
        Directory.EnumerateFiles(Repository.PathOf(folder), pattern, SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Repository.Root, path).Replace('\\', '/'))
            .Where(path => !path.Split('/').Any(part => Made.Contains(part, StringComparer.Ordinal)))
            .Order(StringComparer.Ordinal)
            .Select(path => new SourceFile(path, File.ReadAllLines(Repository.PathOf(path))));
}
