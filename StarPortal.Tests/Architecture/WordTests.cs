using StarPortal.Tests.Support;

namespace StarPortal.Tests.Architecture;

/// <summary>Same thing, same word; and what names in documents point at exists.</summary>
[Trait("Category", "Unit")]
public sealed class WordTests
{
    private static readonly string[] Folders = ["Services", "Models", "Helpers", "Managers", "Dtos", "Utils"];

    [Fact]
    public void Folders_AreNamedByWhatTheyDo_NotByKindsOfClasses() =>
        Assert.DoesNotContain(
            Sources.Under("StarPortal.Core", "*.cs").Concat(Sources.Under("StarPortal.Web", "*.cs")), file => file.Path.Split('/').Intersect(Folders, StringComparer.Ordinal).Any());

    /// <summary>Words that promise something for later, in code that is shipped now.</summary>
    [Fact]
    public void Sources_PromiseNothingForLater()
    {
        string[] words = ["TODO", "FIXME", "HACK", "XXX", "NotImplementedException", "lorem ipsum"];
        Assert.Empty(from file in Sources.Under("StarPortal.Core", "*.cs").Concat(Sources.Under("StarPortal.Web", "*.cs")).Concat(Sources.Under("StarPortal.Web", "*.razor"))
                     from word in words
                     where file.Text.Contains(word, StringComparison.Ordinal)
                     select $"{file.Path}: {word}");
    }

    /// <summary>RC2 and SHA-1 signatures are what old exporters still make; we never do.</summary>
    [Fact]
    public void Sources_UseNoBrokenCryptography() =>
        Assert.Empty(Sources.Under("StarPortal.Core", "*.cs").Where(file => file.Text.Contains("RC2", StringComparison.Ordinal) && !file.Lines.All(line => !line.Contains("RC2", StringComparison.Ordinal) || line.Contains("//", StringComparison.Ordinal) || line.Contains("never", StringComparison.Ordinal))).Select(file => file.Path));

    public static TheoryData<string> Documents =>
        [.. new[] { Repository.Root, Repository.PathOf("docs") }.SelectMany(folder => Directory.EnumerateFiles(folder, "*.md")).Select(path => Path.GetRelativePath(Repository.Root, path)), .. Sources.Under("StarPortal.Core", "*.md").Select(file => file.Path)];

    [Theory]
    [MemberData(nameof(Documents))]
    public void Document_LinksToWhatExists(string document)
    {
        var text = File.ReadAllText(Repository.PathOf(document));
        var folder = Path.GetDirectoryName(Repository.PathOf(document))!;
        var missing = System.Text.RegularExpressions.Regex.Matches(text, @"\]\((?!https?:|mailto:|#|\{\{)(?<path>[^)#\s]+)", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1))
            .Select(match => match.Groups["path"].Value).Where(path => !Path.Exists(Path.Combine(folder, path)));
        Assert.Empty(missing);
    }

    [Theory]
    [InlineData("run.sh")]
    [InlineData("test.sh")]
    [InlineData(".ci/run")]
    public void Script_MayBeExecuted(string script) =>
        Assert.True(File.GetUnixFileMode(Repository.PathOf(script)).HasFlag(UnixFileMode.UserExecute));
}
