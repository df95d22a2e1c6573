using StarPortal.Core.MyProxy;
using StarPortal.Core.Shared;
using StarPortal.Tests.MyProxy.Repository;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.MyProxy.Storage;

[Trait("Category", "Unit")]
public sealed class StorageTests
{
    private static readonly Actor Operator = Actor.System("test");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("alice", "", "alice")]
    [InlineData("alice", "long", "alice-long")]
    [InlineData(".alice", ".x", "-alice--x")]
    [InlineData("/O=Grid/CN=Ada", "", "ab5bbf9118fee0e5fcc8954b1b32a165")]
    public void FileName_IsTheGenuineServers(string user, string name, string file) => Assert.Equal(file, StorageFileName.Of(new CredentialKey(user, name)));

    [Fact]
    public void LongName_IsHashed() => Assert.Equal(32, StorageFileName.Of(new CredentialKey(new string('é', 41), "")).Length);

    [Fact]
    public void Data_IsReadAsItWasWritten()
    {
        const string text = "OWNER=/O=Grid/CN=Ada=1\nLIFETIME=86400\nNAME=long\nDESCRIPTION=for the night\nRETRIEVERS=*\nKEYRETRIEVERS=a\nTRUSTED_RETRIEVERS=b\nRENEWERS=c\nUSERNAME=ada\nEND_OPTIONS\nrubbish";
        var data = StorageData.Read("x", text);
        Assert.Equal(("/O=Grid/CN=Ada=1", "ada", "long"), (data.Owner, data.UserName, data.CredentialName));
        Assert.Equal(new CredentialTerms("for the night", TimeSpan.FromDays(1), new CredentialPolicies("*", "a", "b", "c")), data.Terms);
    }

    [Theory]
    [InlineData("LIFETIME=1\nEND_OPTIONS\n")]
    [InlineData("OWNER=x\nnonsense\nEND_OPTIONS\n")]
    [InlineData("OWNER=x\nLIFETIME=soon\nEND_OPTIONS\n")]
    [InlineData("OWNER=x\nRETRIEVERS=[\nEND_OPTIONS\n")]
    public void BadData_IsRefused(string text) => Assert.Equal(ErrorKind.Invalid, Assert.Throws<ServiceException>(() => StorageData.Read("x", text)).Kind);

    [Fact]
    public async Task Export_CanBeImported_AndSaysNothingTwice()
    {
        await using var portal = await Clients.StartAsync();
        using var folder = new TestFolder();
        var ada = await Clients.AddStoredAsync(portal);
        await portal.Get<StoredCredentialAdministration>().LockAsync(new CredentialKey(ada.Actor.Name, ""), "later", Operator, Ct);

        Assert.Equal((1, 0), Figures(await portal.Get<RepositoryExport>().ExportAsync(folder["store"], Operator, Ct)));
        Assert.Equal((0, 1), Figures(await portal.Get<RepositoryExport>().ExportAsync(folder["store"], Operator, Ct)));
        await portal.Get<StoredCredentialAdministration>().RemoveAsync(new CredentialKey(ada.Actor.Name, ""), Operator, Ct);
        Assert.Equal((1, 0), Figures(await portal.Get<RepositoryImport>().ImportAsync(folder["store"], Operator, Ct)));
        Assert.Equal((0, 1), Figures(await portal.Get<RepositoryImport>().ImportAsync(folder["store"], Operator, Ct)));

        var row = await Clients.RowAsync(portal, ada.Actor.Name);
        Assert.Equal((CredentialOrigin.Import, "later", Clients.Of(ada).Subject, ada.Actor.Id), (row.Origin, row.LockMessage, row.Owner, row.UserId));
    }

    [Fact]
    public async Task Export_RemovesItsOwnFilesOnly()
    {
        await using var portal = await Clients.StartAsync();
        using var folder = new TestFolder();
        var ada = await Clients.AddStoredAsync(portal);
        await portal.Get<RepositoryExport>().ExportAsync(folder["store"], Operator, Ct);
        await File.WriteAllTextAsync(folder["store", "other.creds"], "not ours", Ct);
        await portal.Get<StoredCredentialAdministration>().RemoveAsync(new CredentialKey(ada.Actor.Name, ""), Operator, Ct);

        var report = await portal.Get<RepositoryExport>().ExportAsync(folder["store"], Operator, Ct);

        Assert.Equal(1, report.Removed);
        Assert.Equal([".starportal-export", ".starportal-turn", "other.creds"], System.IO.Directory.EnumerateFiles(folder["store"]).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Export_OverwritesNothingOfStrangers()
    {
        await using var portal = await Clients.StartAsync();
        using var folder = new TestFolder();
        var (ada, bob) = (await Clients.AddStoredAsync(portal), await Clients.AddStoredAsync(portal));
        System.IO.Directory.CreateDirectory(folder["store"]);
        await File.WriteAllTextAsync(folder["store", $"{ada.Actor.Name}.data"], "a stranger's", Ct);

        var report = await portal.Get<RepositoryExport>().ExportAsync(folder["store"], Operator, Ct);
        await portal.Get<StoredCredentialAdministration>().RemoveAsync(new CredentialKey(ada.Actor.Name, ""), Operator, Ct);
        await portal.Get<RepositoryExport>().UpdateAsync(folder["store"], [new CredentialKey(ada.Actor.Name, "")], Operator, Ct);
        await portal.Get<RepositoryExport>().ExportAsync(folder["store"], Operator, Ct);

        Assert.Equal((1, 1), (report.Done, report.Problems.Count));
        Assert.Equal("a stranger's", await File.ReadAllTextAsync(folder["store", $"{ada.Actor.Name}.data"], Ct));
        Assert.False(File.Exists(folder["store", $"{ada.Actor.Name}.creds"]));
        Assert.True(File.Exists(folder["store", $"{bob.Actor.Name}.creds"]));
    }

    [Fact]
    public async Task Update_ConcernsWhatIsNamed_AndNobodyWhoHasThePlaceByNow()
    {
        await using var portal = await Clients.StartAsync();
        using var folder = new TestFolder();
        var ada = await Clients.AddStoredAsync(portal);
        using var key = Clients.OpenKey();
        await Clients.PutAsync(portal, ada, Clients.Put("a-b"), key);
        var export = portal.Get<RepositoryExport>();
        await export.ExportAsync(folder["store"], Operator, Ct);

        Assert.Equal(0, (await export.UpdateAsync(folder["store"], [new CredentialKey("a", "b")], Operator, Ct)).Removed);
        Assert.True(File.Exists(folder["store", "a-b.creds"]));
        await portal.Get<StoredCredentialAdministration>().RemoveAsync(new CredentialKey("a-b", ""), Operator, Ct);
        Assert.Equal(1, (await export.UpdateAsync(folder["store"], [new CredentialKey("a-b", "")], Operator, Ct)).Removed);
        Assert.Equal([$"{ada.Actor.Name}.creds"], System.IO.Directory.EnumerateFiles(folder["store"], "*.creds").Select(Path.GetFileName));
    }

    [Fact]
    public async Task Export_RemovesWhatADeadOneHadBegun_AndWaitsForALiveOne()
    {
        await using var portal = await Clients.StartAsync();
        using var folder = new TestFolder();
        await portal.Get<RepositoryExport>().ExportAsync(folder["store"], Operator, Ct);
        var (begun, other) = (folder["store", $"ada.creds.{Guid.NewGuid():N}.part"], folder["store", "download.part"]);
        await File.WriteAllTextAsync(begun, "half", Ct);
        await File.WriteAllTextAsync(other, "not ours", Ct);

        using (StorageTarget.Open(folder["store"]))
            Assert.Equal(ErrorKind.Conflict, (await Assert.ThrowsAsync<ServiceException>(() => portal.Get<RepositoryExport>().ExportAsync(folder["store"], Operator, Ct))).Kind);
        await portal.Get<RepositoryExport>().ExportAsync(folder["store"], Operator, Ct);

        Assert.Equal((false, true), (File.Exists(begun), File.Exists(other)));
    }

    [Fact]
    public async Task Export_IsPrivate_AndHarmlessToShells()
    {
        await using var portal = await Clients.StartAsync();
        using var folder = new TestFolder();
        var ada = await Clients.AddStoredAsync(portal);
        using var key = Clients.OpenKey();
        await Clients.PutAsync(portal, ada, Clients.Put("x") with { Description = "$(touch /tmp/x)`id`" }, key);

        await portal.Get<RepositoryExport>().ExportAsync(folder["store"], Operator, Ct);

        Assert.Contains("DESCRIPTION=--touch /tmp/x--id-\n", await File.ReadAllTextAsync(folder["store", "x.data"], Ct), StringComparison.Ordinal);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(folder["store"]));
        Assert.All(System.IO.Directory.EnumerateFiles(folder["store"]), path => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path)));
    }

    [Fact]
    public async Task Export_TellsOfTwoWithOneFileName()
    {
        await using var portal = await Clients.StartAsync();
        using var folder = new TestFolder();
        var ada = await Clients.AddStoredAsync(portal);
        using var key = Clients.OpenKey();
        await Clients.PutAsync(portal, ada, Clients.Put("a", name: "b"), key);
        await Clients.PutAsync(portal, ada, Clients.Put("a-b"), key);
        Assert.EndsWith("another credential has the file name a-b.", Assert.Single((await portal.Get<RepositoryExport>().ExportAsync(folder["store"], Operator, Ct)).Problems), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Import_LeavesAloneWhatThePortalStored()
    {
        await using var portal = await Clients.StartAsync();
        using var folder = new TestFolder();
        await Clients.AddStoredAsync(portal);
        await portal.Get<RepositoryExport>().ExportAsync(folder["store"], Operator, Ct);
        var report = await portal.Get<RepositoryImport>().ImportAsync(folder["store"], Operator, Ct);
        Assert.Equal((0, 1), (report.Done, report.Problems.Count));
    }

    [Fact]
    public async Task Import_TellsOfWhatIsNoCredential_AndGoesOn()
    {
        await using var portal = await Clients.StartAsync();
        using var folder = new TestFolder();
        var ada = await Clients.AddStoredAsync(portal);
        await portal.Get<RepositoryExport>().ExportAsync(folder["store"], Operator, Ct);
        await portal.Get<StoredCredentialAdministration>().RemoveAsync(new CredentialKey(ada.Actor.Name, ""), Operator, Ct);
        await File.WriteAllTextAsync(folder["store", "a.creds"], "rubbish", Ct);
        await File.WriteAllTextAsync(folder["store", "b.creds"], "rubbish", Ct);
        await File.WriteAllTextAsync(folder["store", "b.data"], "OWNER=x\nEND_OPTIONS\n", Ct);

        var report = await portal.Get<RepositoryImport>().ImportAsync(folder["store"], Operator, Ct);

        Assert.Equal((1, 2), (report.Done, report.Problems.Count));
    }

    [Fact]
    public async Task Import_IsRefused_WithoutADirectory() =>
        Assert.Equal(ErrorKind.Invalid, (await Assert.ThrowsAsync<ServiceException>(async () =>
        {
            await using var portal = await Clients.StartAsync();
            await portal.Get<RepositoryImport>().ImportAsync("/no/such/place", Operator, Ct);
        })).Kind);

    private static (int Done, int Unchanged) Figures(DirectoryReport report)
    {
        Assert.Empty(report.Problems);
        return (report.Done, report.Unchanged);
    }
}
