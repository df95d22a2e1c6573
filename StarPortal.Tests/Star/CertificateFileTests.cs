using StarPortal.Core.Star;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Star;

[Trait("Category", "Unit")]
public sealed class CertificateFileTests : IDisposable
{
    private readonly TestFolder folder = new();

    private readonly CertificateFile file;

    public CertificateFileTests() => file = new CertificateFile(folder.FullPath, "site", TimeProvider.System);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    /// <summary>A staged certificate that is never disposed of is what a kill leaves.</summary>
    [Fact]
    public async Task KillBetweenWriteAndRename_LeavesTheOldOne_AndTheNextReplacementWorks()
    {
        await File.WriteAllTextAsync(file.FullPath, "old", Ct);
        _ = await file.StageAsync("killed", Ct);
        Assert.Equal("old", await File.ReadAllTextAsync(file.FullPath, Ct));
        Assert.Equal("killed", await File.ReadAllTextAsync(Assert.Single(Partials), Ct));

        File.SetLastWriteTimeUtc(Partials[0], TimeProvider.System.GetUtcNow().UtcDateTime.AddMinutes(-11));
        await ReplaceAsync("new");
        Assert.Equal("new", await File.ReadAllTextAsync(file.FullPath, Ct));
        Assert.Empty(Partials);
    }

    [Fact]
    public async Task Replacement_LeavesWhatAnotherProcessIsWriting()
    {
        using var other = await file.StageAsync("other", Ct);
        await ReplaceAsync("new");
        other.PutInPlace();
        Assert.Equal("other", await File.ReadAllTextAsync(file.FullPath, Ct));
    }

    [Fact]
    public async Task Replacement_IsANewFile_SoThatAReaderKeepsTheOldWhole()
    {
        await File.WriteAllTextAsync(file.FullPath, "old", Ct);
        using var reader = new StreamReader(new FileStream(file.FullPath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        await ReplaceAsync("new");
        Assert.Equal("old", await reader.ReadToEndAsync(Ct));
    }

    [Theory]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.UserWrite)]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead)]
    public async Task Replacement_HasTheOldOnesMode(UnixFileMode mode)
    {
        await File.WriteAllTextAsync(file.FullPath, "old", Ct);
        File.SetUnixFileMode(file.FullPath, mode);
        await ReplaceAsync("new");
        Assert.Equal(mode, File.GetUnixFileMode(file.FullPath));
    }

    [Fact]
    public async Task Replacement_MayBeWrittenByItsOwnerAlone_WhenThereWasNone()
    {
        await ReplaceAsync("new");
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file.FullPath) & ~(UnixFileMode.GroupRead | UnixFileMode.OtherRead));
    }

    [Fact]
    public void HookMark_OutlivesTheProgram()
    {
        Assert.False(file.HookIsDue);
        file.MarkHookDue();
        Assert.True(new CertificateFile(folder.FullPath, "site", TimeProvider.System).HookIsDue);
        Assert.True(file.TryMarkHookDone());
        Assert.False(file.HookIsDue);
    }

    [Theory]
    [InlineData("www.example.org", true)]
    [InlineData("site_1@host+x", true)]
    [InlineData("", false)]
    [InlineData(".", false)]
    [InlineData("..", false)]
    [InlineData(".hidden", false)]
    [InlineData("a/b", false)]
    [InlineData("a*b", false)]
    [InlineData("a\nb", false)]
    public void Name_IsAPlainFileName(string name, bool isOne) => Assert.Equal(isOne, CertificateFile.IsName(name));

    private string[] Partials => Directory.GetFiles(folder.FullPath, "*.part");

    private async Task ReplaceAsync(string content)
    {
        using var staged = await file.StageAsync(content, Ct);
        staged.PutInPlace();
    }
}
